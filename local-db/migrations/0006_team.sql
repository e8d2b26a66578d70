-- A team. `ledger_seq` is the place of a transaction in the node's order: nothing while only this device has it, and on a
-- device without a team. `verdict` is what the node made of it: nothing for all of it. Of an excerpt some ops are not here.
alter table txn add column ledger_seq integer;
alter table txn add column verdict text;
alter table txn add column excerpt integer not null default 0;
alter table txn add column op_count integer not null default 0;
update txn set op_count = (select count(*) from op where op.txn_id = txn.txn_id);
create unique index txn_ledger on txn (ledger_seq) where ledger_seq is not null;
create index txn_pending on txn (device_id, first_seq) where ledger_seq is null;

-- A card may be between two devices of the team: then `theirs` stands here and `ours` was held back.
alter table conflict add column two_devices integer not null default 0;

-- Projection. Written by the node alone: the devices of the team.
create table device (
    device_id text primary key,
    code text not null,
    name text not null,
    verifying_key text not null,
    sealing_key text not null,
    scope text not null,
    joined_at integer not null,
    revoked_at integer,
    revoked_reason text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;

-- Written by the exchange of a member: rows as the node had them at a place of its order, where no op brought them.
create table base_row (
    ledger_seq integer not null,
    entity text not null,
    entity_id text not null,
    fields text,
    deleted integer not null,
    primary key (ledger_seq, entity, entity_id)
) strict, without rowid;

-- Written by the exchange of a member: the pages of a first start, before all of them are here.
create table base_page (
    entity text not null,
    entity_id text not null,
    fields text,
    deleted integer not null,
    primary key (entity, entity_id)
) strict, without rowid;

-- Written by the exchange of a member: what is accepted of each record that waiting ops change.
create table beneath (
    entity text not null,
    entity_id text not null,
    fields text,
    deleted integer not null,
    primary key (entity, entity_id)
) strict, without rowid;

-- Written by the node: strangers that ask to be let in.
create table team_ask (
    device_id text primary key,
    asked_at integer not null,
    ask text not null,
    refused integer not null default 0
) strict, without rowid;

-- Written by the node: how the talk with each device stands. Outside the projection.
create table team_contact (
    device_id text primary key,
    certificate blob not null,
    certificate_hash blob not null,
    joined_seq integer not null,
    contact_at integer,
    holder text,
    checkpoint integer not null default 0,
    pending integer not null default 0,
    quarantined text
) strict, without rowid;
create unique index team_contact_certificate on team_contact (certificate_hash);

-- Written by the exchange of a member: photos and files that the node has.
create table blob_at_node (
    hash text primary key
) strict, without rowid;
