-- What input does to a busy session that does not say so itself.
alter table session add column input_mode text not null default 'QUEUE';

-- Requests with an idempotency key, and the run each began. The primary key makes one of two the first.
create table request_claim (
  principal text not null,
  key text not null,
  request text not null,
  run uuid not null,
  session text not null,
  forgotten boolean not null default false,
  since timestamptz not null default clock_timestamp(),
  primary key (principal, key)
);

create index request_claim_session_idx on request_claim (session);
create index request_claim_since_idx on request_claim (since);

-- Who waits for a run whose request may come again: what it asked for, the node of the newest caller, how many wait,
-- and whether the answer has reached one of them or is not wanted any more.
alter table session_run
  add column request text,
  add column node text,
  add column callers integer not null default 1,
  add column closed boolean not null default false;

create index session_run_request_idx on session_run (request, since) where request is not null and not closed;
