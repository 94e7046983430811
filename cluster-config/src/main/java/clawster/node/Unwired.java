package clawster.node;

import clawster.runtime.audit.AuditEntry;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageEvent;
import clawster.runtime.packages.PackageSpec;
import clawster.runtime.packages.Packages;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Holds the place of what declares packages for the cluster: it knows of none, and takes none. */
record Unwired() implements Packages {

  @Override
  public CompletionStage<Long> declare(PackageSpec spec, Presence presence, AuditEntry entry) {
    return CompletableFuture.failedStage(new IllegalStateException("nobody declares packages yet"));
  }

  @Override
  public Source<PackageEvent, NotUsed> follow(long change) {
    return Source.empty();
  }

  @Override
  public CompletionStage<List<NodePackages>> nodes() {
    return CompletableFuture.completedStage(List.of());
  }
}
