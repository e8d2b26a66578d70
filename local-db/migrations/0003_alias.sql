-- Projection. Written when a person finds two records equal: the one that gave way, and the one that stays.
-- The table of the first schema was never written.
drop table alias;
create table alias (
    alias_id text primary key,
    record_kind text not null,
    winner_id text not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index alias_winner on alias (winner_id);
