create table permission_rule_set (
    -- "platform", or "organisation" with the team.
    level text not null,
    team text not null,
    -- An array of PermissionRule as the contract's JSON.
    rules jsonb not null,
    setter text not null,
    set_time timestamptz not null,
    primary key (level, team)
);

create table invocation (
    team text not null,
    project text not null,
    idempotency_key text not null,
    request_digest text not null,
    -- Whether the tool was about to be called: then a gateway that died may have called it.
    is_called boolean not null default false,
    -- Null while the call is under way.
    response jsonb,
    runner uuid not null,
    lease_until timestamptz not null,
    create_time timestamptz not null,
    primary key (team, project, idempotency_key)
);

create index invocation_age on invocation (create_time);

create table used_approval (
    team text not null,
    approval_id text not null,
    -- The one call that it was used for.
    idempotency_key text not null,
    arguments_digest text not null,
    approver text not null,
    use_time timestamptz not null,
    primary key (team, approval_id)
);
