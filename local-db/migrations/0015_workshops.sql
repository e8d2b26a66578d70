-- Workshops. What is on their boards are updates of documents (`document_update`); notes that are on one device only are
-- kept in its settings, outside the projection.

-- Projection. Written by whoever begins and ends a workshop.
create table workshop (
    workshop_id text primary key,
    title text not null,
    created_at integer not null,
    created_by text,
    created_on text,
    held_on text,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;

-- On which device an update was written: the board of a workshop lets in only what a device wrote that may.
alter table document_update add column written_on text;
