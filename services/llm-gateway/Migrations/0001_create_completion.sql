create table completion (
    team text not null,
    project text not null,
    idempotency_key text not null,
    request_digest text not null,
    -- Null while the model is asked.
    answer jsonb,
    -- Who asks, and until when it may be trusted to be alive.
    runner uuid not null,
    lease_until timestamptz not null,
    create_time timestamptz not null,
    primary key (team, project, idempotency_key)
);

create index completion_age on completion (create_time);

create table usage (
    id uuid primary key,
    team text not null,
    project text not null,
    principal text not null,
    workflow_id text not null,
    agent_id text not null,
    model text not null,
    provider text not null,
    upstream_model text not null,
    input_tokens bigint not null,
    output_tokens bigint not null,
    cost_micro_usd bigint not null,
    record_time timestamptz not null
);

create index usage_of_team on usage (team, project, record_time);
create index usage_of_workflow on usage (workflow_id);
