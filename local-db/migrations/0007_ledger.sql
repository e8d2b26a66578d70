-- Written by a node whose team's ledger is shared: secrets that every node process of the team needs, as the vault
-- sealed them. The key that opens them is on the machines of the nodes alone. Outside the projection.
create table shared_secret (
    name text primary key,
    sealed text not null
) strict, without rowid;
