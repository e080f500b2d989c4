create table outbox (
    sequence bigint generated always as identity primary key,
    routing_key text not null,
    body jsonb not null,
    trace_parent text,
    create_time timestamptz not null default now()
);
