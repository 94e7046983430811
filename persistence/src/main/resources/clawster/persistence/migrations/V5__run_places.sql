-- Where a run stands among those of its session; only the first entry of a log says so. Places rise in the order
-- in which the logs begin, and a session's owner commits one after the other: whoever sees a run sees all before it.
alter table run_log
  add column session uuid,
  add column place bigint;

create index run_log_place_idx on run_log (session, place, run) where seq = 1;
