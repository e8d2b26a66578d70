-- Tabletop exercises of scenarios: planned, played by a clock, looked back on.

-- Projection. Written by whoever plans an exercise.
create table exercise (
    exercise_id text primary key,
    scenario_id text not null,
    title text not null,
    planned_on text,
    objectives text not null,
    created_at integer not null,
    created_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index exercise_scenario on exercise (scenario_id);

-- Projection. Written by whoever plans an exercise.
create table exercise_role (
    exercise_role_id text primary key,
    exercise_id text not null,
    name text not null,
    person_id text,
    place integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index exercise_role_exercise on exercise_role (exercise_id, place);

-- Projection. Written by whoever plans and leads an exercise.
create table exercise_inject (
    exercise_inject_id text primary key,
    exercise_id text not null,
    at_ms integer not null,
    sender text not null,
    role_id text not null,
    means text not null,
    message text not null,
    expected text not null,
    notes text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index exercise_inject_exercise on exercise_inject (exercise_id, at_ms);

-- Projection. Written by whoever leads an exercise: append-only. The clock is reckoned from these.
create table exercise_move (
    exercise_move_id text primary key,
    exercise_id text not null,
    act text not null,
    moved_at integer not null,
    moved_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index exercise_move_exercise on exercise_move (exercise_id, moved_at);

-- Projection. Written by whoever leads an exercise or writes its log: append-only.
create table exercise_entry (
    exercise_entry_id text primary key,
    exercise_id text not null,
    entry_kind text not null,
    inject_id text,
    role_id text,
    played_by text,
    text text not null,
    met text,
    at_ms integer not null,
    corrects text,
    logged_at integer not null,
    logged_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index exercise_entry_exercise on exercise_entry (exercise_id, logged_at);

-- Projection. Written by whoever looks back on an exercise, and by whoever does what came of it.
create table exercise_action (
    exercise_action_id text primary key,
    exercise_id text not null,
    text text not null,
    entry_id text,
    owner text,
    due text,
    done_at integer,
    done_by text,
    created_at integer not null,
    created_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index exercise_action_exercise on exercise_action (exercise_id);
create index exercise_action_open on exercise_action (owner) where done_at is null;
