-- Projection. Written by the settings of connections: links that are not encrypted because a person accepted it.
create table plain_consent (
    plain_consent_id text primary key,
    target text not null check (target in ('erp', 'broker')),
    host text not null,
    reason text not null,
    accepted_at integer not null,
    accepted_by text not null,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
