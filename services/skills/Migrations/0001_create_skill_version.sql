create table skill_version (
    id uuid primary key,
    skill_name text not null collate "C",
    version text not null,
    -- Sorts as semantic versions do: see SemanticVersionOrder.
    version_order text not null collate "C",
    is_prerelease boolean not null,
    digest text not null,
    -- The version as its contract's JSON, whole.
    content jsonb not null,
    rbac_scope text not null,
    publisher text not null,
    publish_time timestamptz not null,
    unique (skill_name, version)
);

create index skill_version_newest on skill_version (skill_name, is_prerelease, version_order desc);

create table publish_request (
    publisher text not null,
    request_id text not null,
    digest text not null,
    skill_version_id uuid not null references skill_version (id),
    request_time timestamptz not null,
    primary key (publisher, request_id)
);

create index publish_request_age on publish_request (request_time);
