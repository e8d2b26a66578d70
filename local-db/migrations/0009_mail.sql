-- E-mail is a target of deliveries, and may have an accepted plain link. SQLite changes no check of a table that is
-- there: both are laid anew with what they hold, in the same order.
create table delivery_with_mail (
    delivery_id text primary key,
    txn_id text not null,
    target text not null check (target in ('erp', 'broker', 'mail')),
    step integer not null,
    step_key text not null,
    label text not null,
    entity text not null,
    entity_id text not null,
    entity_label text not null,
    needs text not null,
    depends_on text not null,
    bytes blob not null,
    state text not null
        check (state in ('waiting', 'sending', 'unknown', 'done', 'conflict', 'rejected', 'discarded')),
    attempts integer not null default 0,
    next_attempt_at integer not null,
    unknown_since integer,
    planned_at integer not null,
    settled_at integer,
    receipt text,
    error text
) strict;
insert into delivery_with_mail (rowid, delivery_id, txn_id, target, step, step_key, label, entity, entity_id,
    entity_label, needs, depends_on, bytes, state, attempts, next_attempt_at, unknown_since, planned_at, settled_at,
    receipt, error)
select rowid, delivery_id, txn_id, target, step, step_key, label, entity, entity_id, entity_label, needs, depends_on,
    bytes, state, attempts, next_attempt_at, unknown_since, planned_at, settled_at, receipt, error
from delivery order by rowid;
drop table delivery;
-- Written in the transaction of the txn they deliver, then by the delivery loops. Never rebuilt from ops.
alter table delivery_with_mail rename to delivery;
create index delivery_open on delivery (target, state, next_attempt_at);
create index delivery_entity on delivery (entity_id, target);
create unique index delivery_step on delivery (txn_id, target, step);

create table plain_consent_with_mail (
    plain_consent_id text primary key,
    target text not null check (target in ('erp', 'broker', 'mail')),
    host text not null,
    reason text not null,
    accepted_at integer not null,
    accepted_by text not null,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
insert into plain_consent_with_mail (plain_consent_id, target, host, reason, accepted_at, accepted_by, ended_at, extra,
    deleted)
select plain_consent_id, target, host, reason, accepted_at, accepted_by, ended_at, extra, deleted from plain_consent;
drop table plain_consent;
-- Projection. Written by the settings of connections: links that are not encrypted because a person accepted it.
alter table plain_consent_with_mail rename to plain_consent;
