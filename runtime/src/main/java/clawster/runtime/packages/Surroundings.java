package clawster.runtime.packages;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a node's actors for packages work with.
 *
 * @param self this node
 * @param members all nodes, this one included
 * @param declared told each declaration that is made while this node is there
 * @param progress told each line that a package manager prints, on any thread
 */
record Surroundings(
    MemberName self,
    Supplier<List<MemberName>> members,
    DesiredPackages store,
    Workshop workshop,
    Consumer<Declaration> declared,
    Consumer<PackageProgress> progress,
    Clock clock) {}
