-- The ledger of one team. Whoever writes holds the row of `ledger` locked until the end of its transaction: units come
-- one after the other, whichever node process writes them.
create schema millwright;

create table millwright.ledger (
    only_one boolean primary key default true check (only_one),
    format integer not null,
    -- The last unit.
    head bigint not null,
    -- Where the truth lies since a person moved it away from here.
    moved_to text
);
insert into millwright.ledger (format, head) values (1, 0);

-- Signed transactions with their verdict, in the team's order. Never changed, never removed.
create table millwright.txn (
    place bigint primary key,
    txn_id text not null unique,
    unit bigint not null,
    image text not null
);

-- Rows that every node process has alike, each as its last unit left it: deliveries, receipts, cursors, cards, settings.
create table millwright.shared_row (
    table_name text not null,
    row_key text not null,
    unit bigint not null,
    image text,
    primary key (table_name, row_key)
);
create index shared_row_unit on millwright.shared_row (unit);

-- Photos and files in pieces, by the BLAKE3 hash of the whole.
create table millwright.blob (
    hash text not null,
    piece integer not null,
    bytes bytea not null,
    primary key (hash, piece)
);

-- The right to speak to the ERP and the plant.
create table millwright.hold (
    only_one boolean primary key default true check (only_one),
    holder text,
    epoch bigint not null,
    held_until timestamptz not null
);
insert into millwright.hold (epoch, held_until) values (0, '-infinity');
