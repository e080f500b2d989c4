-- What can be searched is derived from the entry, so that it cannot be altered apart from what the chain protects.
create table audit_event (
    sequence bigint primary key,
    event_id text not null unique,
    event_time timestamptz not null,
    entry jsonb not null,
    hash text not null,
    store_time timestamptz not null,
    workflow_id text not null generated always as (coalesce(entry ->> 'workflow_id', '')) stored,
    agent_id text not null generated always as (coalesce(entry ->> 'agent_id', '')) stored,
    action text not null generated always as (entry ->> 'action') stored,
    result text not null generated always as (entry ->> 'result') stored
);

create index audit_event_workflow on audit_event (workflow_id, sequence);
create index audit_event_agent on audit_event (agent_id, sequence);
create index audit_event_action on audit_event (action, result, sequence);
create index audit_event_time on audit_event (event_time, sequence);

-- One row: the end of the chain. Whoever appends holds its lock.
create table chain_head (
    only_row boolean primary key default true check (only_row),
    sequence bigint not null,
    hash text not null
);

insert into chain_head (sequence, hash)
values (0, repeat('0', 64));

create table dead_letter (
    id bigint generated always as identity primary key,
    receive_time timestamptz not null,
    reason text not null,
    body bytea not null
);

create table sink_cursor (
    sink_name text primary key,
    sequence bigint not null,
    update_time timestamptz not null
);
