-- What is wanted of packages: of each the last declaration, with its number.
create table desired_package (
  kind text not null,
  name text not null,
  version text,
  presence text not null,
  change bigint not null unique,
  author text not null,
  declared timestamptz not null,
  withdrawn timestamptz,
  primary key (kind, name)
);

-- What each node last said of its packages, as JSON, and when.
create table node_packages (
  node text primary key,
  name text not null,
  installed text not null,
  runtimes text not null,
  at timestamptz not null
);

-- How far each has come with each declaration.
create table node_package_status (
  node text not null references node_packages on delete cascade,
  kind text not null,
  name text not null,
  change bigint not null,
  state text not null,
  code text,
  error text,
  primary key (node, kind, name)
);

create index node_package_status_change_idx on node_package_status (change);

-- Counts the changes of what is declared, and so numbers declarations. Whoever makes one locks its row first.
insert into cluster_fact values ('packages', '0') on conflict do nothing;
