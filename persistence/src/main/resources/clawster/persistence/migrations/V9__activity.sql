-- Who did what to what, from where and when. A row that was stored before its change is settled once the change is
-- known to have been made.
create table activity (
  id uuid primary key,
  actor_type text not null,
  actor_id text not null,
  action text not null,
  entity_type text not null,
  entity_id text,
  details jsonb not null,
  address text,
  created timestamptz not null,
  settled boolean not null
);

create index activity_created_idx on activity (created desc, id desc);
create index activity_actor_idx on activity (actor_id, created desc);
create index activity_entity_idx on activity (entity_id, created desc);
