create table agent (
    team text not null,
    agent_id text not null collate "C",
    -- The agent as its contract's JSON, whole.
    content jsonb not null,
    registrant text not null,
    update_time timestamptz not null,
    primary key (team, agent_id)
);

create table task (
    task_id text primary key collate "C",
    team text not null,
    project text not null,
    initiator text not null,
    rbac_scope text not null,
    request_id uuid not null,
    request_digest text not null,
    agent_id text not null collate "C",
    -- What the run was started with: later changes of the agent do not reach it.
    agent jsonb not null,
    input jsonb not null,
    goal text not null,
    permission_rules jsonb not null,
    trace_id text not null,
    -- False until the engine has the run: see StartWaitingTasks.
    is_handed_over boolean not null default false,
    -- Names of the contract's TaskStatus and TerminationReason.
    status text not null,
    termination_reason text not null default 'Unspecified',
    result jsonb,
    failure_message text not null default '',
    iteration integer not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    cost_micro_usd bigint not null default 0,
    pinned_skills jsonb not null default '[]',
    run_config jsonb,
    last_sequence bigint not null default 0,
    start_time timestamptz not null,
    end_time timestamptz,
    unique (team, initiator, request_id)
);

create index task_of_team on task (team, project, task_id desc);
create index task_waiting on task (start_time) where not is_handed_over;

create table task_event (
    task_id text not null references task (task_id) on delete cascade,
    sequence bigint not null,
    -- What the event is about, so that an activity that runs twice records it once.
    event_key text not null,
    type text not null,
    event_time timestamptz not null,
    data jsonb not null,
    primary key (task_id, sequence),
    unique (task_id, event_key)
);

create table transcript_message (
    task_id text not null references task (task_id) on delete cascade,
    position integer not null,
    -- A message of mainstay.llm.v1 as JSON.
    content jsonb not null,
    primary key (task_id, position)
);

create table approval (
    task_id text not null references task (task_id) on delete cascade,
    tool_call_id text not null,
    connector text not null,
    tool_name text not null,
    arguments jsonb not null,
    arguments_digest text not null,
    reason text not null,
    request_time timestamptz not null,
    expire_time timestamptz not null,
    -- Null while it waits; then approved, rejected, expired or withdrawn.
    decision text,
    decider text,
    comment text,
    decide_time timestamptz,
    primary key (task_id, tool_call_id)
);
