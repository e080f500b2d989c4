alter table run
    add column task_queue text not null default '',
    add column execution_time timestamptz,
    add column history_length bigint not null default 0,
    add column history_bytes bigint not null default 0,
    add column state_transitions bigint not null default 0,
    add column parent_workflow_id text,
    add column parent_run_id text,
    add column root_workflow_id text,
    add column root_run_id text,
    add column search_attributes jsonb not null default '{}';

create index run_by_type on run (namespace, workflow_type, start_time desc);
create index run_by_queue on run (namespace, task_queue, start_time desc);
create index run_by_attributes on run using gin (search_attributes) where search_attributes <> '{}';
