package clawster.bench.load;

import java.io.IOException;
import java.util.List;

/** One thing we measure ourselves by. */
interface Row {

  String name();

  List<Measurement> measure(Setting setting) throws IOException, InterruptedException;
}
