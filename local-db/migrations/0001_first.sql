-- The first schema. Every projected table ends with `extra` (fields of newer formats, kept verbatim)
-- and `deleted` (tombstone). Ops write them, nobody else.

-- Written by every commit of the engine: the chain. `bytes` are hashed, signed and exchanged verbatim.
create table txn (
    local_seq integer primary key autoincrement,
    txn_id text not null unique,
    device_id text not null,
    first_seq integer not null,
    format integer not null,
    hlc integer not null,
    undoes text,
    recorded_at integer not null,
    held_until integer,
    prev_hash blob not null,
    hash blob not null,
    sig blob not null,
    bytes blob not null
) strict;
create unique index txn_chain on txn (device_id, first_seq);

-- Written with its txn: where in the chain a record was changed.
create table op (
    op_id text primary key,
    txn_id text not null references txn (txn_id),
    seq integer not null,
    entity text not null,
    entity_id text not null,
    kind text not null check (kind in ('create', 'update', 'delete'))
) strict;
create index op_of_record on op (entity, entity_id);
create index op_of_txn on op (txn_id, seq);

-- Loser and winner of two records that were found equal.
create table alias (
    loser text primary key,
    winner text not null
) strict, without rowid;

create table person (
    person_id text primary key,
    sealed_name text not null,
    sealed_erp_number text,
    language text not null,
    left_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;

-- The key of a person. Never rebuilt from ops: deleting it is the erasure.
create table person_key (
    person_id text primary key,
    sealed_key blob not null
) strict, without rowid;

create table asset (
    asset_id text primary key,
    parent_id text,
    level text not null,
    code text not null,
    name text not null,
    erp_number text,
    uns_path text,
    criticality text not null,
    class text,
    retired_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create unique index asset_code on asset (code) where deleted = 0;
create index asset_parent on asset (parent_id);

create table tag_binding (
    tag_binding_id text primary key,
    asset_id text not null,
    series text not null,
    name text not null,
    unit text not null,
    usual_low real,
    usual_high real,
    limit_low real,
    limit_high real,
    silence_ms integer not null,
    position integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index tag_binding_asset on tag_binding (asset_id);
create index tag_binding_series on tag_binding (series);

create table label (
    label_id text primary key,
    code text not null,
    asset_id text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create unique index label_code on label (code) where deleted = 0;

create table finding_code (
    finding_code_id text primary key,
    finding_kind text not null check (finding_kind in ('found', 'done')),
    code text not null,
    text text not null,
    asset_class text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;

create table supplier (
    supplier_id text primary key,
    number text not null,
    name text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;

create table part (
    part_id text primary key,
    number text not null,
    name text not null,
    unit text not null,
    alternates text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index part_number on part (number);

create table offer (
    offer_id text primary key,
    part_id text not null,
    supplier_id text not null,
    lead_time_days integer not null,
    price_hundredths integer,
    currency text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index offer_part on offer (part_id);

create table where_used (
    where_used_id text primary key,
    part_id text not null,
    asset_id text not null,
    quantity text not null,
    place text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index where_used_part on where_used (part_id);
create index where_used_asset on where_used (asset_id);

create table stock (
    stock_id text primary key,
    part_id text not null,
    location text not null,
    bin text,
    on_hand text not null,
    as_of integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index stock_part on stock (part_id);

create table request (
    request_id text primary key,
    erp_number text,
    local_number text,
    asset_id text not null,
    text text not null,
    priority text not null,
    machine_down integer not null,
    status text not null check (status in ('new', 'ordered', 'declined')),
    status_reason text,
    raised_at integer not null,
    raised_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index request_asset on request (asset_id);
create index request_status on request (status, raised_at);

create table work_order (
    work_order_id text primary key,
    erp_number text,
    local_number text,
    title text not null,
    description text not null,
    work_kind text not null,
    asset_id text,
    request_id text,
    status text not null check (status in ('planned', 'released', 'in_progress', 'on_hold', 'completed', 'cancelled')),
    status_reason text,
    priority text not null,
    due_at integer,
    planned_start_at integer,
    planned_minutes integer,
    assignee_id text,
    found_code text,
    found_text text,
    done_code text,
    done_text text,
    details_pending integer not null,
    started_at integer,
    completed_at integer,
    created_at integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index work_order_status on work_order (status, due_at);
create index work_order_asset on work_order (asset_id);
create index work_order_pending on work_order (details_pending) where details_pending = 1;

create table work_step (
    work_step_id text primary key,
    work_order_id text not null,
    position integer not null,
    title text not null,
    hint text,
    form text not null,
    mandatory integer not null,
    outcome text,
    recorded_at integer,
    recorded_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index work_step_order on work_step (work_order_id, position);

create table labour (
    labour_id text primary key,
    work_order_id text not null,
    person_id text not null,
    minutes integer not null,
    worked_on text not null,
    corrects text,
    reason text,
    recorded_at integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index labour_order on labour (work_order_id);

create table labour_timer (
    timer_id text primary key,
    work_order_id text not null,
    person_id text not null,
    started_at integer not null,
    stopped_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index labour_timer_order on labour_timer (work_order_id);
create index labour_timer_running on labour_timer (person_id) where stopped_at is null;

create table part_use (
    part_use_id text primary key,
    work_order_id text not null,
    part_id text not null,
    quantity text not null,
    location text,
    corrects text,
    reason text,
    recorded_at integer not null,
    recorded_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index part_use_order on part_use (work_order_id);
create index part_use_part on part_use (part_id, recorded_at);

create table note (
    note_id text primary key,
    work_order_id text,
    asset_id text,
    text text not null,
    written_at integer not null,
    written_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index note_order on note (work_order_id);

create table attachment (
    attachment_id text primary key,
    work_order_id text,
    work_step_id text,
    asset_id text,
    request_id text,
    blob text not null,
    size_bytes integer not null,
    media_type text not null,
    file_name text not null,
    taken_at integer not null,
    taken_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index attachment_order on attachment (work_order_id);

create table signature (
    signature_id text primary key,
    work_order_id text not null,
    person_id text not null,
    meaning text not null,
    attachment_id text,
    signed_at integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index signature_order on signature (work_order_id);

create table reading (
    reading_id text primary key,
    asset_id text not null,
    work_order_id text,
    name text not null,
    value real not null,
    unit text not null,
    corrects text,
    reason text,
    read_at integer not null,
    read_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index reading_asset on reading (asset_id, name, read_at);

-- Written by pulls and receipts: who a record of an outside system is here.
create table external_ref (
    system text not null,
    kind text not null,
    external_key text not null,
    id text not null,
    label text not null,
    primary key (system, kind, external_key)
) strict, without rowid;
create index external_ref_id on external_ref (id, system, kind);

-- Written by pulls: the last value seen of each field of a record at an outside system.
create table shadow (
    system text not null,
    entity text not null,
    entity_id text not null,
    fields text not null,
    primary key (system, entity, entity_id)
) strict, without rowid;

-- Written by pulls: how far a pull has come.
create table pull_cursor (
    system text primary key,
    cursor text not null,
    pulled_at integer not null
) strict, without rowid;

-- Written in the transaction of the txn they deliver, then by the delivery loop. Never rebuilt from ops.
create table delivery (
    delivery_id text primary key,
    txn_id text not null,
    target text not null check (target in ('erp', 'broker')),
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
create index delivery_open on delivery (target, state, next_attempt_at);
create index delivery_entity on delivery (entity_id, target);
create unique index delivery_step on delivery (txn_id, target, step);

-- Written by pulls and refused moves: cards that keep both values.
create table conflict (
    conflict_id text primary key,
    entity text not null,
    entity_id text not null,
    entity_label text not null,
    field text not null,
    ours text not null,
    theirs text not null,
    changed_by text,
    noticed_at integer not null,
    resolved_at integer
) strict;
create index conflict_open on conflict (noticed_at) where resolved_at is null;

-- Written by settings and set-up: small values by name. Outside the projection.
create table setting (
    name text primary key,
    value text not null
) strict, without rowid;

-- What pulls and mappings found, for the integrator; bounded.
create table finding (
    finding_id integer primary key autoincrement,
    source text not null,
    message text not null,
    seen_count integer not null default 1,
    last_seen_at integer not null,
    unique (source, message)
) strict;

-- The search index: rebuilt from rows at any time. An entry's id is the rowid of its code or text.
create table search_entry (
    entry_id integer primary key,
    entity text not null,
    entity_id text not null
) strict;
create index search_entry_record on search_entry (entity_id);
create virtual table search_code using fts5 (code, tokenize = 'trigram');
create virtual table search_text using fts5 (text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
