package clawster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ArchitectureTest {

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("clawster");

  private static final JavaClasses WRONG = new ClassFileImporter().importPackages("clawster.wrong");

  static List<ArchRule> ours() {
    return new Architecture("clawster").rules();
  }

  static List<ArchRule> wrong() {
    return new Architecture("clawster.wrong").rules();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ours")
  void theHouseIsBuiltAsSaid(ArchRule rule) {
    rule.check(OURS);
  }

  /** The house in {@code clawster.wrong} breaks each rule, so none is true of everything. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void everyRuleCanFail(ArchRule rule) {
    assertTrue(rule.evaluate(WRONG).hasViolation(), rule.getDescription());
  }
}
