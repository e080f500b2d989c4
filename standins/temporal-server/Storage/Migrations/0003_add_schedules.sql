create table schedule (
    namespace text not null,
    schedule_id text not null,
    next_due timestamptz,
    search_attributes jsonb not null,
    state bytea not null,
    primary key (namespace, schedule_id)
);
