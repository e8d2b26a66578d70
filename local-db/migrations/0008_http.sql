-- Programs that give commands over HTTP. Outside the projection: node processes on one ledger have them alike, devices of a
-- team do not exchange them.

-- Written by the token commands, and by the door when a token is shown. Of its secret only a hash is kept.
create table token (
    token_id text primary key,
    name text not null,
    hash blob not null,
    reads_only integer not null,
    commands text,
    person_id text,
    created_at integer not null,
    expires_at integer not null,
    revoked_at integer,
    used_at integer
) strict, without rowid;
create unique index token_hash on token (hash);
create unique index token_name on token (name) where revoked_at is null;

-- Written in the transaction of an act that came with a key of its own, then once more with its answer: the same act
-- asked for again has its effect once. Bounded by age and number.
create table keyed_act (
    act_id integer primary key autoincrement,
    token_id text not null,
    key text not null,
    asked_hash blob not null,
    begun_at integer not null,
    txn_id text,
    created_id text,
    answer text
) strict;
create unique index keyed_act_key on keyed_act (token_id, key);
create index keyed_act_age on keyed_act (begun_at);
