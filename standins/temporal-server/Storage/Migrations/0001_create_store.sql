create table server_lease (
    singleton boolean primary key default true check (singleton),
    epoch bigint not null
);
insert into server_lease (epoch) values (0);

create table namespace (
    name text primary key,
    description bytea not null
);

create table search_attribute (
    namespace text not null,
    name text not null,
    value_type integer not null,
    primary key (namespace, name)
);

create table run (
    run_id uuid primary key,
    namespace text not null,
    workflow_id text not null,
    workflow_type text not null,
    status integer not null,
    start_time timestamptz not null,
    close_time timestamptz,
    next_due timestamptz,
    has_tasks boolean not null,
    state bytea not null
);
create index run_by_start on run (namespace, start_time desc, run_id desc);
create index run_by_workflow on run (namespace, workflow_id, start_time desc);
create index run_at_work on run (run_id) where has_tasks or next_due is not null;

create table current_run (
    namespace text not null,
    workflow_id text not null,
    run_id uuid not null,
    primary key (namespace, workflow_id)
);

create table history (
    run_id uuid not null,
    first_event_id bigint not null,
    events bytea not null,
    primary key (run_id, first_event_id)
);
