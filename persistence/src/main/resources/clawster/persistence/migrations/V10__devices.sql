-- Devices that wait to be let in, with a code, and those that were. Who has a sender id is known by its hash.
create table device (
  id uuid primary key,
  hash text not null unique,
  channel text not null,
  sender text not null,
  chat text not null,
  account text not null,
  code text unique,
  asked timestamptz not null,
  expires timestamptz not null,
  paired timestamptz,
  paired_by text,
  last_used timestamptz,
  unique (channel, sender),
  check ((code is null) = (paired is not null)),
  check ((paired is null) = (paired_by is null))
);

-- Codes that were none, of late; what was tried is not kept.
create table pairing_miss (
  actor text not null,
  at timestamptz not null
);

-- Counts the changes of who is let in. Whoever is about to make any change locks its row first.
insert into cluster_fact values ('devices', '0') on conflict do nothing;
