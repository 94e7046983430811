-- Messages too big for a frame between nodes; only a reference travels. Gone an hour later.
create table payload (
  id      uuid primary key default gen_random_uuid(),
  stored  timestamptz not null default clock_timestamp(),
  body    bytea not null
);
create index payload_stored on payload (stored);
-- Short-lived: not worth the time it takes to compress it.
alter table payload alter column body set storage external;
