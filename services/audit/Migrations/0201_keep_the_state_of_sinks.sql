-- How far each sink has come and how it is doing.
create table sink_state (
    sink_name text primary key,
    sequence bigint not null,
    hold text not null default 'none' check (hold in ('none', 'paused', 'stopped', 'disabled')),
    hold_reason text not null default '',
    failure text not null default '',
    failure_count int not null default 0,
    retry_time timestamptz,
    delivered_count bigint not null default 0,
    deliver_time timestamptz,
    update_time timestamptz not null
);

insert into sink_state (sink_name, sequence, update_time)
select sink_name, sequence, update_time from sink_cursor;

drop table sink_cursor;

-- Events that a sink will never take as they are.
create table sink_dead_letter (
    id bigint generated always as identity primary key,
    sink_name text not null,
    sequence bigint not null,
    event_id text not null,
    reason text not null,
    attempt_count int not null default 1,
    create_time timestamptz not null,
    retry_requested boolean not null default false,
    unique (sink_name, sequence)
);

create index sink_dead_letter_retry on sink_dead_letter (sink_name, sequence) where retry_requested;

-- Ranges of time that are delivered once more, beside what is new.
create table sink_replay (
    id uuid primary key,
    sink_name text not null,
    request_id text not null unique,
    start_time timestamptz not null,
    end_time timestamptz not null,
    position bigint not null default 0,
    last_sequence bigint not null,
    delivered_count bigint not null default 0,
    create_time timestamptz not null,
    finish_time timestamptz
);

create index sink_replay_open on sink_replay (sink_name, id) where finish_time is null;
