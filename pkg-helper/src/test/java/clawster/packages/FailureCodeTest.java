package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class FailureCodeTest {

  @Test
  void aFullDiskIsToldFromAllElse() {
    assertEquals(FailureCode.DISK_FULL, FailureCode.of(new IOException("No space left on device")));
    assertEquals(
        FailureCode.DISK_FULL,
        FailureCode.of(new FileSystemException("/a", null, "No space left on device")));
    assertEquals(
        FailureCode.SYSTEM_ERROR,
        FailureCode.of(new FileSystemException("/No space left", null, "Read-only file system")),
        "what a file is called is no reason");
    assertEquals(FailureCode.SYSTEM_ERROR, FailureCode.of(new AccessDeniedException("/a")));
    assertEquals(FailureCode.SYSTEM_ERROR, FailureCode.of(new IOException()));
  }
}
