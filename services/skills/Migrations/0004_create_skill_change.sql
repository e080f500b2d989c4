-- What has changed, in the order of the transactions that did it, for those who watch.
create table skill_change (
    id bigint generated always as identity,
    -- Reading stops before the oldest transaction that still runs, so that no change is passed over.
    transaction_id xid8 not null default pg_current_xact_id(),
    kind text not null,
    skill_name text not null collate "C",
    version text not null,
    alias text not null,
    change_time timestamptz not null,
    primary key (transaction_id, id)
);
