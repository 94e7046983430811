-- Whether some node has ever said that it is done. Of what was declared before, nobody knows: it is not withdrawn.
alter table desired_package add column reached boolean not null default true;
alter table desired_package alter column reached set default false;

-- When a node came further the last time, with whatever it was.
alter table node_packages add column moved timestamptz not null default now();

-- How many times in a row it failed by something that will hardly change by itself.
alter table node_package_status add column refusals integer not null default 0;
