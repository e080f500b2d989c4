-- A key belongs to a team's project; where a caller has neither, to the caller, whom this names.
alter table completion add column principal text not null default '';

alter table completion drop constraint completion_pkey;

alter table completion add primary key (team, project, principal, idempotency_key);

-- mainstay.llm.v1.Completion in its binary form: what a model writes need not be text that jsonb takes. Earlier answers are forgotten.
delete from completion;

alter table completion alter column answer type bytea using null;

-- Whether the provider gave no count, so that the tokens are an estimate.
alter table usage add column is_estimate boolean not null default false;
