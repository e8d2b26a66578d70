-- Scenarios: what they are, as they were frozen and decided on, what came of it, and the signs that they come true.
-- Their models are documents (document_update).

-- Projection. Written by whoever begins, names and puts away a scenario.
create table scenario (
    scenario_id text primary key,
    name text not null,
    language text not null,
    created_at integer not null,
    created_by text,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;

-- Projection. Written by whoever freezes a baseline: append-only.
create table scenario_baseline (
    scenario_baseline_id text primary key,
    scenario_id text not null,
    text text not null,
    taken_at integer not null,
    taken_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index scenario_baseline_scenario on scenario_baseline (scenario_id, taken_at);

-- Projection. Written by whoever decides: append-only.
create table scenario_decision (
    scenario_decision_id text primary key,
    scenario_id text not null,
    text text not null,
    choice text not null,
    expected text not null,
    reason text not null,
    owner text,
    review_on text,
    decided_at integer not null,
    decided_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index scenario_decision_scenario on scenario_decision (scenario_id, decided_at);

-- Projection. Written by whoever tells what came of a decision: append-only.
create table scenario_outcome (
    scenario_outcome_id text primary key,
    scenario_id text not null,
    scenario_decision_id text not null,
    result text not null,
    unit text not null,
    came real not null,
    share_below real not null,
    is_within_ninety_percent integer not null,
    off real not null,
    told_at integer not null,
    told_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index scenario_outcome_decision on scenario_outcome (scenario_decision_id, told_at);

-- Projection. Written by whoever sets and takes away a signpost.
create table signpost (
    signpost_id text primary key,
    scenario_id text not null,
    name text not null,
    tag_binding_id text not null,
    side text not null check (side in ('above', 'below')),
    threshold real not null,
    holds_ms integer not null,
    set_at integer not null,
    set_by text,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index signpost_scenario on signpost (scenario_id);

-- Projection. Written by the rule that watches signposts, and by whoever looks at a crossing.
create table signpost_crossing (
    signpost_crossing_id text primary key,
    signpost_id text not null,
    scenario_id text not null,
    value real not null,
    crossed_at integer not null,
    seen_at integer,
    seen_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index signpost_crossing_signpost on signpost_crossing (signpost_id);
create index signpost_crossing_open on signpost_crossing (crossed_at) where seen_at is null;
