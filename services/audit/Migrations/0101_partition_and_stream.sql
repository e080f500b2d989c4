-- Entries lie in one table for each month in which they were stored, as the canonical text that the chain is computed from, each in the chain of its stream.
-- What is searched by is copied beside it; VerifyChain compares the copies with the entry.
alter table audit_event rename to audit_event_before;
alter index audit_event_pkey rename to audit_event_before_pkey;
alter index audit_event_event_id_key rename to audit_event_before_event_id_key;
drop index audit_event_workflow, audit_event_agent, audit_event_action, audit_event_time;

create table audit_event (
    sequence bigint not null,
    event_id text not null,
    event_time timestamptz not null,
    store_time timestamptz not null,
    stream text not null,
    stream_sequence bigint not null,
    hash text not null,
    entry text not null,
    workflow_id text not null,
    agent_id text not null,
    action text not null,
    result text not null,
    service text not null,
    document_id text not null,
    initiated_by text not null,
    trace_id text not null
) partition by range (store_time);

create index audit_event_time on audit_event (event_time, sequence);
create index audit_event_stream on audit_event (stream, event_time, sequence);
create index audit_event_action on audit_event (action, event_time, sequence);
create index audit_event_result on audit_event (result, event_time, sequence) where result <> 'success';
create index audit_event_workflow on audit_event (workflow_id, event_time, sequence) where workflow_id <> '';
create index audit_event_agent on audit_event (agent_id, event_time, sequence) where agent_id <> '';
create index audit_event_initiated_by on audit_event (initiated_by, event_time, sequence) where initiated_by <> '';
create index audit_event_document on audit_event (document_id, event_time, sequence) where document_id <> '';
create index audit_event_trace on audit_event (trace_id, event_time, sequence) where trace_id <> '';

-- Makes the partition of the month that holds a time. A unique index of the whole table would have to include that time; the lock of chain_head,
-- which whoever appends holds, makes the indexes of the single partitions enough.
create function ensure_audit_partition(moment timestamptz) returns void language plpgsql as $$
declare
    first_day timestamp := date_trunc('month', moment at time zone 'UTC');
    partition text := 'audit_event_' || to_char(first_day, 'YYYYMM');
begin
    perform pg_advisory_xact_lock(hashtextextended('audit-partition', 0));
    if to_regclass(partition) is null then
        execute format(
            'create table %I partition of audit_event for values from (%L) to (%L)',
            partition, first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
        execute format('create unique index %I on %I (sequence)', partition || '_sequence', partition);
        execute format('create unique index %I on %I (event_id)', partition || '_event_id', partition);
    end if;
end
$$;

-- The end of each stream's chain.
create table audit_stream (
    stream text primary key,
    sequence bigint not null,
    hash text not null
);

-- What was stored before there were streams stays in one chain of its own, which is called '*'.
do $$
declare
    moment timestamptz;
begin
    for moment in select distinct date_trunc('month', store_time) from audit_event_before loop
        perform ensure_audit_partition(moment);
        perform ensure_audit_partition(moment + interval '1 month');
    end loop;
end
$$;

insert into audit_event (
    sequence, event_id, event_time, store_time, stream, stream_sequence, hash, entry,
    workflow_id, agent_id, action, result, service, document_id, initiated_by, trace_id)
select
    sequence, event_id, event_time, store_time, '*', sequence, hash, entry::text,
    workflow_id, agent_id, action, result, coalesce(entry ->> 'service', ''), coalesce(entry #>> '{resource,document_id}', ''),
    coalesce(entry #>> '{user_context,initiated_by}', ''), coalesce(entry ->> 'trace_id', '')
from audit_event_before;

insert into audit_stream (stream, sequence, hash)
select '*', sequence, hash
from chain_head
where sequence > 0;

drop table audit_event_before;
alter table chain_head drop column hash;

-- The same message again is counted; it is a row once.
alter table dead_letter
    add column digest bytea not null generated always as (sha256(body)) stored,
    add column receive_count integer not null default 1,
    add column last_receive_time timestamptz,
    add column resolve_time timestamptz,
    add column resolved_by text,
    add column event_id text;

delete from dead_letter one
using dead_letter other
where one.digest = other.digest and one.id > other.id;

create unique index dead_letter_digest on dead_letter (digest);
create index dead_letter_open on dead_letter (id) where resolve_time is null;
