-- When a run was first noted, and so for how long its request may come again; since says from when it is owed.
alter table session_run add column begun timestamptz;
update session_run set begun = since;
alter table session_run
  alter column begun set default clock_timestamp(),
  alter column begun set not null;

drop index session_run_request_idx;
create index session_run_request_idx on session_run (request, begun) where request is not null and not closed;
