-- How many runs a caller began in which minute, for quotas.
create table run_count (
  name text not null,
  minute timestamptz not null,
  runs int not null check (runs >= 0),
  primary key (name, minute)
);

create index run_count_minute_idx on run_count (minute);
