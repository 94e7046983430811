package clawster.bench.upstream;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The changing middles of a stream's frames, written straight into the buffer that goes to the
 * socket.
 */
interface Pieces {

  int count();

  int bytesAtMost();

  void put(int index, ByteBuffer out);

  record Given(List<byte[]> pieces) implements Pieces {

    public Given {
      pieces = List.copyOf(pieces);
    }

    @Override
    public int count() {
      return pieces.size();
    }

    @Override
    public int bytesAtMost() {
      return pieces.stream().mapToInt(piece -> piece.length).max().orElse(0);
    }

    @Override
    public void put(int index, ByteBuffer out) {
      out.put(pieces.get(index));
    }
  }
}
