package clawster.persistence.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SweepTest {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("sweep");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void onlyStatelessSessionsThatEndedADayAgoGo() {
    var old = session(false, false, "25 hours", 3);
    var young = session(false, false, "23 hours", 3);
    var kept = session(true, false, "90 days", 3);
    var owed = session(false, false, "25 hours", 3);
    run(owed, false, "25 hours");
    var settled = session(false, false, "25 hours", 3);
    run(settled, true, "25 hours");
    new Sweep(database).round();
    assertEquals("0 0 0 0", remains(old));
    assertEquals("1 3 1 0", remains(young));
    assertEquals("1 3 1 0", remains(kept));
    assertEquals("1 3 1 1", remains(owed));
    assertEquals("0 0 0 0", remains(settled));
  }

  @Test
  void ofADeletedSessionTheDeletionStays() {
    var gone = session(true, true, "2 hours", 3);
    var justGone = session(true, true, "10 minutes", 3);
    var reborn = session(true, true, "2 hours", 3);
    event(reborn, 4);
    new Sweep(database).round();
    assertEquals("1 1 0 0", remains(gone));
    assertEquals("1 3 1 0", remains(justGone));
    assertEquals("1 2 0 0", remains(reborn));
  }

  @Test
  void manyDeletedSessionsAreAllReached() {
    TestDatabase.execute(
        address,
        """
        with made as (
          insert into session
          select gen_random_uuid(), 2, true, 'k' || n, 'default', true, 'http', '', '', '', '{}',
            0, 0, 0, 0, now(), now() - interval '2 hours'
          from generate_series(1, 2500) n
          returning id)
        insert into event_journal (persistence_id, sequence_number, writer, event_ser_id,
          event_ser_manifest, event_payload)
        select 'session|' || id, n, '', 1, '', '' from made, generate_series(1, 2) n
        """);
    new Sweep(database).round();
    new Sweep(database).round();
    assertEquals("2500", TestDatabase.query(address, "select count(*) from event_journal"));
    assertEquals(0, new Sweep(database).round());
  }

  @Test
  void notesGoAWeekAfterTheyWereSettledAndNeverBefore() {
    var session = session(true, false, "1 hour", 1);
    run(session, true, "8 days");
    run(session, true, "6 days");
    run(session, false, "30 days");
    new Sweep(database).round();
    assertEquals("1 1 1 2", remains(session));
  }

  @Test
  void whichDayItIsTheDatabaseSays() {
    TestDatabase.execute(
        address,
        """
        create function public.clock_timestamp() returns timestamptz language sql
          as $$select timestamptz '2031-03-01 23:30Z'$$;
        alter database sweep set search_path = public, pg_catalog;
        alter database sweep set timezone = 'Asia/Tokyo'
        """);
    try (var other = new Database(address)) {
      new Sweep(other).prepare();
      assertEquals("run_log_20310228 run_log_20310308", days());
      TestDatabase.execute(
          address,
          """
          create or replace function public.clock_timestamp() returns timestamptz language sql
            as $$select timestamptz '2031-04-08 00:30Z'$$
          """);
      new Sweep(other).round();
      assertEquals("run_log_20310407 run_log_20310415", days());
    }
  }

  private String days() {
    return TestDatabase.query(
        address,
        """
        select concat_ws(' ', min(relname::text), max(relname::text))
        from pg_inherits join pg_class c on c.oid = inhrelid
        where inhparent = 'run_log'::regclass
        """);
  }

  /** With a snapshot at its first event. */
  private UUID session(boolean kept, boolean gone, String age, int events) {
    var id = UUID.randomUUID();
    TestDatabase.execute(
        address,
        """
        insert into session values ('%s', %d, %s, 'k', 'default', %s, 'http', '', '', '', '{}',
          0, 0, 0, 0, now(), now() - interval '%s');
        insert into snapshot (persistence_id, sequence_number, created, snapshot_ser_id,
          snapshot_ser_manifest, snapshot_payload) values ('session|%s', 1, 0, 1, '', '');
        """
            .formatted(id, events, gone, kept, age, id));
    for (int i = 1; i <= events; i++) {
      event(id, i);
    }
    return id;
  }

  private void event(UUID session, int sequence) {
    TestDatabase.execute(
        address,
        """
        insert into event_journal (persistence_id, sequence_number, writer, event_ser_id,
          event_ser_manifest, event_payload) values ('session|%s', %d, '', 1, '', '')
        """
            .formatted(session, sequence));
  }

  private void run(UUID session, boolean settled, String age) {
    TestDatabase.execute(
        address,
        "insert into session_run values ('%s', '%s', now() - interval '%s', %s)"
            .formatted(UUID.randomUUID(), session, age, settled));
  }

  /** How many lines, events, snapshots and notes there are of a session. */
  private String remains(UUID id) {
    return TestDatabase.query(
        address,
        """
        select concat_ws(' ',
          (select count(*) from session where id = '%1$s'),
          (select count(*) from event_journal where persistence_id = 'session|%1$s'),
          (select count(*) from snapshot where persistence_id = 'session|%1$s'),
          (select count(*) from session_run where session = '%1$s'))
        """
            .formatted(id));
  }
}
