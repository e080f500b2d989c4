-- An approval is good for one call, for whichever team it is presented.
alter table used_approval
    add column project text not null default '',
    drop constraint used_approval_pkey,
    add primary key (approval_id);

-- A server may answer with characters that jsonb cannot hold.
alter table invocation
    alter column response type text;

-- A call that waits for a person is made under the same key once it is approved.
alter table invocation
    add column awaits_approval boolean not null default false;
