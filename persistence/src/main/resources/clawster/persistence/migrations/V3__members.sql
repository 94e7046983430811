-- Who is a node of this cluster. A node lives as long as somebody holds the advisory lock that goes with its
-- number: the lock goes with the connection of its process, so no sign of life here can be stale.
create table member (
  number integer primary key generated always as identity (cycle),
  name text not null,
  -- where other nodes reach it, host:port, and the number its remoting gave itself there
  address text not null,
  uid bigint not null,
  -- where callers reach it
  url text not null,
  state text not null,
  since timestamptz not null default clock_timestamp()
);
