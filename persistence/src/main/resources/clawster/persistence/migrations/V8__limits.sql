-- Wrong credentials of an address: when the latest came, in milliseconds since the epoch, and until when nothing of it
-- is looked at.
create table guess (
  address text primary key,
  times bigint[] not null default '{}',
  locked_until timestamptz,
  changed timestamptz not null default clock_timestamp()
);

create index guess_locked_idx on guess (locked_until desc) where locked_until is not null;
create index guess_changed_idx on guess (changed);

-- Token buckets, each as the moment at which it is full again. One that is lost is a full one, so nothing is logged.
create unlogged table bucket (
  name text primary key,
  full_at timestamptz not null
);

create index bucket_full_idx on bucket (full_at);

-- Answers that are being made, each for as long as its node says so again.
create unlogged table open_answer (
  id uuid primary key,
  name text not null,
  until timestamptz not null
);

create index open_answer_name_idx on open_answer (name, until);
create index open_answer_until_idx on open_answer (until);
