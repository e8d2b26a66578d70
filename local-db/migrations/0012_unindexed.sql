-- Written with what changed many records at once: those whose entries in the search index are not up to date yet.
create table unindexed (
    entity text not null,
    entity_id text not null,
    primary key (entity, entity_id)
) strict, without rowid;
