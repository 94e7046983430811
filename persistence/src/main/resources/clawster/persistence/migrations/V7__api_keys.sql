-- Keys, without their secrets: who has one is known by its hash.
create table api_key (
  id uuid primary key,
  name text not null,
  prefix text not null,
  hash text not null unique,
  scopes text[] not null,
  creator text not null,
  created timestamptz not null,
  expires timestamptz,
  revoked timestamptz,
  last_used timestamptz
);

create index api_key_created_idx on api_key (created desc, id);

-- Counts the changes of keys. Its row is locked until a change is committed, so nobody sees a number and not its change.
insert into cluster_fact values ('api_keys', '0') on conflict do nothing;
