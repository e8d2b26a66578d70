-- Projection. Written when data is brought in: spans in which machines stood still.
create table downtime (
    downtime_id text primary key,
    asset_id text not null,
    from_at integer not null,
    to_at integer,
    reason_code text,
    reason_text text,
    recorded_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index downtime_asset on downtime (asset_id, from_at);

-- Projection. Written when data is brought in: what people can be able to do.
create table skill (
    skill_id text primary key,
    code text not null,
    name text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create unique index skill_code on skill (code) where deleted = 0;

-- Projection. Written when data is brought in: how well each person has a skill.
create table skill_level (
    skill_level_id text primary key,
    person_id text not null,
    skill_id text not null,
    level integer not null,
    valid_until text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index skill_level_person on skill_level (person_id);
create index skill_level_skill on skill_level (skill_id);
