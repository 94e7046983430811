package clawster.http.packages;

import clawster.runtime.audit.AuditEntry;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageEvent;
import clawster.runtime.packages.PackageNews;
import clawster.runtime.packages.PackageSpec;
import clawster.runtime.packages.Packages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Remembers what is declared, and lets happen what it is given. */
final class ScriptedPackages implements Packages {

  record Declared(PackageSpec spec, Presence presence, AuditEntry entry) {}

  final List<Declared> declared = new ArrayList<>();
  Source<PackageEvent, NotUsed> happening = Source.empty();
  boolean follows = true;
  List<NodePackages> nodes = List.of();
  CompletionStage<Long> stored = CompletableFuture.completedStage(1L);

  @Override
  public CompletionStage<Long> declare(PackageSpec spec, Presence presence, AuditEntry entry) {
    declared.add(new Declared(spec, presence, entry));
    return stored;
  }

  @Override
  public Source<PackageEvent, NotUsed> follow(long change) {
    if (!follows) {
      throw new IllegalStateException("this node is about to go");
    }
    return happening;
  }

  @Override
  public Source<PackageNews, NotUsed> news() {
    return Source.never();
  }

  @Override
  public CompletionStage<List<NodePackages>> nodes() {
    return CompletableFuture.completedStage(nodes);
  }
}
