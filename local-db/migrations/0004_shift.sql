-- Projection. Written by the settings of shifts: when the plant's shifts begin; one row.
create table shift_pattern (
    shift_pattern_id text primary key,
    shifts text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;

-- Projection. Written when a person writes a line, and by the rule that finds silent tags.
create table shift_entry (
    shift_entry_id text primary key,
    entry_kind text not null,
    text text not null,
    asset_id text,
    work_order_id text,
    attachment_id text,
    about text,
    written_at integer not null,
    written_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index shift_entry_written on shift_entry (written_at);
create index shift_entry_asset on shift_entry (asset_id) where asset_id is not null;

-- Projection. Written when a shift is handed over; the items as they stood.
create table handover (
    handover_id text primary key,
    shift_name text not null,
    shift_starts_at integer not null,
    shift_ends_at integer not null,
    given_at integer not null,
    given_by text not null,
    text text not null,
    items text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index handover_shift on handover (shift_starts_at);
create index handover_given on handover (given_at);

-- Projection. Written when a person says that they have read an item of a hand-over.
create table handover_acknowledgement (
    handover_acknowledgement_id text primary key,
    handover_id text not null,
    item_id text not null,
    person_id text not null,
    acknowledged_at integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index handover_acknowledgement_of on handover_acknowledgement (handover_id);

-- Projection. Written by the plans of a machine.
create table maintenance_plan (
    maintenance_plan_id text primary key,
    asset_id text not null,
    title text not null,
    steps text not null,
    priority text not null,
    planned_minutes integer,
    rhythm text not null,
    mode text not null check (mode in ('fixed', 'floating')),
    lead_days integer not null,
    last_done_at integer,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index maintenance_plan_asset on maintenance_plan (asset_id);

-- What an interrupted order waits for, and the plan that raised it.
alter table work_order add column hold_cause text;
alter table work_order add column plan_occasion text;
create index work_order_plan on work_order (json_extract(plan_occasion, '$.maintenance_plan_id'))
    where plan_occasion is not null;

-- What a person sees to. No default: rows that are built anew from older ops have none either.
alter table person add column role text;

-- The log of a shift is a question to the ops of its hours.
create index txn_recorded on txn (recorded_at);
create index txn_undoing on txn (undoes) where undoes is not null;

-- Steps that somebody has to look at: skipped ones, and readings outside their limits.
create index work_step_override on work_step (recorded_at)
    where json_extract(outcome, '$.kind') in ('skipped', 'measured');
