-- Versions of what is set of the gateway, as plain values by the names of their settings.
create table gateway_config (
  version bigint primary key,
  document text not null,
  author text not null,
  made timestamptz not null,
  good timestamptz
);
