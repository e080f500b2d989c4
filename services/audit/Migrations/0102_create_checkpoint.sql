-- Signed statements of what the trail was. Those of what the retention policy dropped stay, so that the rest is provable.
create table checkpoint (
    number bigint primary key,
    create_time timestamptz not null,
    first_sequence bigint not null,
    last_sequence bigint not null,
    statement text not null,
    signature bytea not null,
    key_id text not null
);

create index checkpoint_last_sequence on checkpoint (last_sequence);

-- The private key is here only where the configuration names no file for it.
create table signing_key (
    key_id text primary key,
    public_key text not null,
    private_key text,
    create_time timestamptz not null
);
