package clawster.persistence.writer;

import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.sessions.Callers;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One batch, one statement, one round trip, one commit. */
final class BatchSql {

  /** What a Java string may hold and a PostgreSQL text may not. */
  private static final Pattern UNWRITABLE = Pattern.compile("[\\x00\\x{D800}-\\x{DFFF}]");

  private static final Logger LOG = LoggerFactory.getLogger(BatchSql.class);

  /** SQLSTATE class of a transaction that was rolled back: a deadlock, or no serial order. */
  private static final String UNDONE = "40";

  private static final int TIMES = 5;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ROWS =
      """
      insert into run_log (run, seq, epoch, step, kind, payload, session, place)
      select * from unnest(?::uuid[], ?::bigint[], ?::int[], ?::int[], ?::smallint[], ?::bytea[],
        ?::uuid[], ?::bigint[])
      """;

  private static final String TOLERANT_ROWS =
      ROWS + "on conflict do nothing returning run, seq, epoch";

  private static final String NOTES =
      """
      insert into session_run (run, session, request, node)
      select run, session, nullif(request, ''), nullif(node, '')
      from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[]) as note (run, session, request, node)
      on conflict do nothing
      """;

  private static final String SETTLED =
      """
      update session_run set settled = true where run = any(?::uuid[])
      """;

  /** With what was settled, because a statement may change a row once. */
  private static final String MARKED =
      """
      update session_run set
        settled = session_run.settled or mark.settled,
        callers = greatest(0, callers - mark.gone),
        closed = closed or mark.delivered
      from unnest(?::uuid[], ?::boolean[], ?::int[], ?::boolean[])
        as mark (run, settled, gone, delivered)
      where session_run.run = mark.run
      """;

  private static final String LINES =
      """
      insert into session (id, revision, gone, key, agent, kept, channel, user_name, label, model,
        metadata, message_count, input_tokens, output_tokens, last_prompt_tokens, created, updated,
        input_mode)
      select id, revision, gone, key, agent, kept, channel, user_name, label, model,
        metadata, message_count, input_tokens, output_tokens, last_prompt_tokens,
        to_timestamp(created / 1000.0), to_timestamp(updated / 1000.0), input_mode
      from unnest(?::uuid[], ?::bigint[], ?::boolean[], ?::text[], ?::text[], ?::boolean[],
          ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::bigint[],
          ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[])
        as line (id, revision, gone, key, agent, kept, channel, user_name, label, model, metadata,
          message_count, input_tokens, output_tokens, last_prompt_tokens, created, updated,
          input_mode)
      on conflict (id) do update set
        revision = excluded.revision, gone = excluded.gone, agent = excluded.agent,
        kept = excluded.kept, channel = excluded.channel, user_name = excluded.user_name,
        label = excluded.label, model = excluded.model, metadata = excluded.metadata,
        message_count = excluded.message_count, input_tokens = excluded.input_tokens,
        output_tokens = excluded.output_tokens,
        last_prompt_tokens = excluded.last_prompt_tokens,
        created = excluded.created, updated = excluded.updated, input_mode = excluded.input_mode
      where session.revision < excluded.revision
      """;

  private static final String ALREADY_MINE =
      """
      select l.run, l.seq, l.epoch
      from run_log l
      join unnest(?::uuid[], ?::bigint[], ?::int[]) as mine (run, seq, epoch)
        on l.run = mine.run and l.seq = mine.seq and l.epoch = mine.epoch
      """;

  private final Connection connection;

  /** By their text: a batch's parts make it, so there are two dozen at most. */
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  BatchSql(Connection connection) {
    this.connection = connection;
  }

  /** Commits everything or nothing; SQLSTATE 23505 says that some run has another owner. */
  void write(Batch batch) throws SQLException {
    var marks = RunMark.of(settled(batch), batch.marks);
    var statement = statement(batch, !marks.isEmpty());
    int next = batch.rows.isEmpty() ? 1 : setRows(statement, sorted(batch.rows));
    if (!batch.notes.isEmpty()) {
      var notes = batch.notes.stream().sorted(Comparator.comparing(Batch.Note::run)).toList();
      next = setUuids(statement, next, notes, note -> note.run().value());
      next = setUuids(statement, next, notes, Batch.Note::session);
      next = asked(statement, next, notes, asking -> asking.request().value());
      next = asked(statement, next, notes, Callers.Asking::node);
    }
    if (!batch.marks.isEmpty()) {
      next = setMarks(statement, next, marks);
    } else if (!marks.isEmpty()) {
      next = setUuids(statement, next, marks, mark -> mark.run().value());
    }
    if (!batch.lines.isEmpty()) {
      setLines(statement, next, newest(batch.lines));
    }
    insist(statement::executeUpdate);
  }

  private interface Execution<T> {
    T run() throws SQLException;
  }

  /**
   * Again at once, a few times, what PostgreSQL undid for another's sake: there is room for it now.
   */
  private static <T> T insist(Execution<T> statement) throws SQLException {
    for (int time = 1; ; time++) {
      try {
        return statement.run();
      } catch (SQLException e) {
        var state = e.getSQLState();
        if (time == TIMES || state == null || !state.startsWith(UNDONE)) {
          throw e;
        }
        LOG.info("Undone for another's sake ({}), writing again", state);
      }
    }
  }

  /** A run whose ending is in the log is owed to nobody. */
  private static List<RunId> settled(Batch batch) {
    var ended = batch.rows.stream().filter(row -> row.entry.ends()).map(row -> row.run);
    return Stream.concat(batch.settled.stream(), ended).toList();
  }

  private PreparedStatement statement(Batch batch, boolean changed) throws SQLException {
    var parts = new ArrayList<String>(4);
    boolean marked = !batch.marks.isEmpty();
    addUnless(batch.rows.isEmpty(), ROWS, parts);
    addUnless(batch.notes.isEmpty(), NOTES, parts);
    addUnless(!changed, marked ? MARKED : SETTLED, parts);
    addUnless(batch.lines.isEmpty(), LINES, parts);
    var text = together(parts);
    var statement = statements.get(text);
    if (statement == null) {
      statement = connection.prepareStatement(text);
      statements.put(text, statement);
    }
    return statement;
  }

  private static void addUnless(boolean empty, String part, List<String> parts) {
    if (!empty) {
      parts.add(part);
    }
  }

  /** One statement: all parts but the last stand in front of it. */
  private static String together(List<String> parts) {
    var text = new StringBuilder();
    for (int i = 0; i < parts.size() - 1; i++) {
      text.append(i == 0 ? "with part" : ", part").append(i);
      text.append(" as (").append(parts.get(i)).append(")\n");
    }
    return text.append(parts.getLast()).toString();
  }

  /** Writes what it can of the rows; the rest has another owner. */
  Set<Row.Name> writeTolerantly(List<Row> some) throws SQLException {
    try (var statement = connection.prepareStatement(TOLERANT_ROWS)) {
      setRows(statement, sorted(some));
      return names(statement);
    }
  }

  /** Which of these rows are in the log already, by this writer: a commit whose answer was lost. */
  Set<Row.Name> alreadyMine(List<Row> some) throws SQLException {
    try (var statement = connection.prepareStatement(ALREADY_MINE)) {
      int next = setUuids(statement, 1, some, row -> row.run.value());
      next = set(statement, next, "int8", some, row -> row.entry.seq());
      set(statement, next, "int4", some, row -> row.entry.epoch());
      return names(statement);
    }
  }

  private static Set<Row.Name> names(PreparedStatement statement) throws SQLException {
    var names = new HashSet<Row.Name>();
    try (var result = insist(statement::executeQuery)) {
      while (result.next()) {
        names.add(
            new Row.Name(result.getObject(1, UUID.class), result.getLong(2), result.getInt(3)));
      }
    }
    return names;
  }

  /** In one order in every batch of every node, so that no two batches wait for each other. */
  private static List<Row> sorted(List<Row> rows) {
    return rows.stream()
        .sorted(Comparator.comparing((Row row) -> row.run).thenComparing(row -> row.entry.seq()))
        .toList();
  }

  /** One statement may touch a line once. */
  private static List<Batch.Line> newest(List<Batch.Line> lines) {
    var byId = new TreeMap<UUID, Batch.Line>();
    for (var line : lines) {
      byId.merge(
          line.summary().id().value(),
          line,
          (a, b) -> a.summary().revision() > b.summary().revision() ? a : b);
    }
    return List.copyOf(byId.values());
  }

  private int setRows(PreparedStatement statement, List<Row> some) throws SQLException {
    int next = setUuids(statement, 1, some, row -> row.run.value());
    statement.setArray(next++, array("int8", longs(some, row -> row.entry.seq())));
    statement.setArray(next++, array("int4", ints(some, row -> row.entry.epoch())));
    statement.setArray(next++, array("int4", ints(some, row -> row.entry.step())));
    statement.setArray(next++, array("int2", shorts(some)));
    statement.setArray(
        next++, array("bytea", some.stream().map(row -> row.payload).toArray(byte[][]::new)));
    next = setUuids(statement, next, some, row -> row.place().map(RunPlace::session).orElse(null));
    return set(
        statement, next, "int8", some, row -> row.place().map(RunPlace::number).orElse(null));
  }

  private int asked(
      PreparedStatement all, int at, List<Batch.Note> notes, Function<Callers.Asking, String> value)
      throws SQLException {
    return set(all, at, "text", notes, note -> note.asking().map(value).orElse(""));
  }

  private int setMarks(PreparedStatement all, int first, List<RunMark> marks) throws SQLException {
    int next = setUuids(all, first, marks, mark -> mark.run().value());
    next = set(all, next, "bool", marks, RunMark::settled);
    next = set(all, next, "int4", marks, RunMark::gone);
    return set(all, next, "bool", marks, RunMark::delivered);
  }

  private void setLines(PreparedStatement all, int first, List<Batch.Line> lines)
      throws SQLException {
    int next = setUuids(all, first, lines, line -> line.summary().id().value());
    next = set(all, next, "int8", lines, line -> line.summary().revision());
    next = set(all, next, "bool", lines, Batch.Line::gone);
    next = text(all, next, lines, line -> line.summary().profile().key().value());
    next = text(all, next, lines, line -> line.summary().profile().agent());
    next = set(all, next, "bool", lines, line -> line.summary().profile().kept());
    next = text(all, next, lines, line -> line.summary().profile().channel());
    next = text(all, next, lines, line -> line.summary().profile().user());
    next = text(all, next, lines, line -> line.summary().profile().label());
    next = text(all, next, lines, line -> line.summary().profile().model());
    next = text(all, next, lines, line -> json(line.summary().profile().metadata()));
    next = set(all, next, "int4", lines, line -> line.summary().messageCount());
    next = set(all, next, "int8", lines, line -> line.summary().inputTokens());
    next = set(all, next, "int8", lines, line -> line.summary().outputTokens());
    next = set(all, next, "int8", lines, line -> line.summary().lastPromptTokens());
    next = set(all, next, "int8", lines, line -> line.summary().created().toEpochMilli());
    next = set(all, next, "int8", lines, line -> line.summary().updated().toEpochMilli());
    text(all, next, lines, line -> line.summary().profile().inputMode().name());
  }

  private int text(
      PreparedStatement all, int at, List<Batch.Line> lines, Function<Batch.Line, String> value)
      throws SQLException {
    return set(
        all, at, "text", lines, line -> UNWRITABLE.matcher(value.apply(line)).replaceAll("\ufffd"));
  }

  private <T> int set(
      PreparedStatement statement, int at, String type, List<T> items, Function<T, ?> value)
      throws SQLException {
    statement.setArray(at, array(type, items.stream().map(value).toArray()));
    return at + 1;
  }

  private <T> int setUuids(
      PreparedStatement statement, int at, List<T> items, Function<T, UUID> value)
      throws SQLException {
    statement.setArray(at, array("uuid", items.stream().map(value).toArray(UUID[]::new)));
    return at + 1;
  }

  private java.sql.Array array(String type, Object values) throws SQLException {
    return connection.unwrap(PGConnection.class).createArrayOf(type, values);
  }

  private static long[] longs(List<Row> rows, ToLongFunction<Row> value) {
    return rows.stream().mapToLong(value).toArray();
  }

  private static int[] ints(List<Row> rows, ToIntFunction<Row> value) {
    return rows.stream().mapToInt(value).toArray();
  }

  private static short[] shorts(List<Row> rows) {
    var kinds = new short[rows.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = rows.get(i).kind;
    }
    return kinds;
  }

  private static String json(Map<String, String> metadata) {
    try {
      return JSON.writeValueAsString(metadata);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
