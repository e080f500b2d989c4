create table batch_operation (
    namespace text not null,
    job_id text not null,
    start_time timestamptz not null,
    running boolean not null,
    state bytea not null,
    primary key (namespace, job_id)
);
create index batch_running on batch_operation (start_time) where running;
