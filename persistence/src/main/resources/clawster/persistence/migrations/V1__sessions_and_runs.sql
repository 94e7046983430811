-- Journal and snapshots: the tables pekko-persistence-jdbc 1.1 expects. The primary key of the journal is
-- the fence between two writers of one session.
create table event_journal (
  ordering bigserial,
  persistence_id varchar(255) not null,
  sequence_number bigint not null,
  deleted boolean default false not null,
  writer varchar(255) not null,
  write_timestamp bigint,
  adapter_manifest varchar(255),
  event_ser_id integer not null,
  event_ser_manifest varchar(255) not null,
  event_payload bytea not null,
  meta_ser_id integer,
  meta_ser_manifest varchar(255),
  meta_payload bytea,
  primary key (persistence_id, sequence_number)
);

create unique index event_journal_ordering_idx on event_journal (ordering);

create table event_tag (
  event_id bigint references event_journal (ordering) on delete cascade,
  tag varchar(256),
  primary key (event_id, tag)
);

create table snapshot (
  persistence_id varchar(255) not null,
  sequence_number bigint not null,
  created bigint not null,
  snapshot_ser_id integer not null,
  snapshot_ser_manifest varchar(255) not null,
  snapshot_payload bytea not null,
  meta_ser_id integer,
  meta_ser_manifest varchar(255),
  meta_payload bytea,
  primary key (persistence_id, sequence_number)
);

-- The log of each run. seq is dense from 1, so the primary key is also the fence: a new owner's claim takes
-- the next seq, and whoever wrote before conflicts there. run is a version 7 uuid, so a day is a range of runs
-- and old logs go by dropping a partition.
create table run_log (
  run uuid not null,
  seq bigint not null,
  epoch integer not null,
  step integer not null,
  kind smallint not null,
  payload bytea not null,
  primary key (run, seq)
) partition by range (run);

-- Runs by session, and which of them are owed. Written before a run is accepted: a row without a run is
-- harmless.
create table session_run (
  run uuid primary key,
  session uuid not null,
  since timestamptz not null default clock_timestamp(),
  settled boolean not null default false
);

create index session_run_session_idx on session_run (session, run);
create index session_run_owed_idx on session_run (since) where not settled;

-- What lists show. revision is the journal sequence a row was computed from: an older one never replaces
-- a newer.
create table session (
  id uuid primary key,
  revision bigint not null,
  gone boolean not null default false,
  key text not null,
  agent text not null,
  kept boolean not null,
  channel text not null,
  user_name text not null,
  label text not null,
  model text not null,
  metadata text not null,
  message_count integer not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  last_prompt_tokens bigint not null,
  created timestamptz not null,
  updated timestamptz not null
);

create index session_list_idx on session (updated desc, id) where kept and not gone;
create index session_stateless_idx on session (updated) where not kept;

-- Facts of this database: which cluster it belongs to.
create table cluster_fact (
  name text primary key,
  value text not null
);

insert into cluster_fact values ('cluster_id', gen_random_uuid()::text);
