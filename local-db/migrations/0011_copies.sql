-- Written by the exchange between members: letters of others that lie here until the node has them; on the node, letters
-- of a device that is shut out, until a person says what becomes of them.
create table carried_letter (
    place integer primary key,
    hash text not null unique,
    device_id text not null,
    size_bytes integer not null,
    kept_at integer not null
) strict;

-- Written by the exchange between members: how far into this device's chain another member has copies of what waits here.
create table record_copy (
    keeper_id text primary key,
    first_seq integer not null,
    copied_at integer not null
) strict, without rowid;

-- Written by the exchange between members: photos and files of which another member has a copy.
create table blob_copy (
    hash text not null,
    keeper_id text not null,
    primary key (hash, keeper_id)
) strict, without rowid;
