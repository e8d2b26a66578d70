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

-- Written by the webhook commands, and by the loop that tells them: who outside wants to hear of changes.
create table webhook (
    webhook_id text primary key,
    url text not null,
    entities text not null,
    sealed_secret blob not null,
    authority_pem text,
    created_at integer not null,
    attempts integer not null default 0,
    next_attempt_at integer not null default 0,
    problem text,
    stopped_at integer
) strict, without rowid;

-- Written in the transaction of the txn that they tell, then by the loop; gone when told. Never rebuilt from ops.
create table webhook_event (
    event_id integer primary key autoincrement,
    webhook_id text not null,
    op_id text not null,
    txn_id text not null,
    body text not null,
    not_before integer not null,
    attempts integer not null default 0,
    refused_at integer,
    said text
) strict;
create unique index webhook_event_op on webhook_event (webhook_id, op_id);
create index webhook_event_waiting on webhook_event (webhook_id, event_id) where refused_at is null;
create index webhook_event_txn on webhook_event (txn_id);
