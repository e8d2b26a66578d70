-- Workshops held together: guests by browser, and what other devices wrote that has not come to rest yet.

-- Where guests come in by their browsers while they may; nothing otherwise.
alter table workshop add column door text;

-- Outside the projection. Updates of documents that came over the plant's broker, each signed by the device that wrote it:
-- until the same update comes with the exchange.
create table carried_update (
    document_update_id text primary key,
    document_id text not null,
    bytes text not null,
    written_at integer not null,
    written_by text,
    written_on text not null,
    sig text not null,
    received_at integer not null
) strict;
create index carried_update_document on carried_update (document_id);
