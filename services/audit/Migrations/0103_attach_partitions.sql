-- A partition made by itself and attached takes no lock that those who read the trail would hold up, and with it those who append.
create or replace function ensure_audit_partition(moment timestamptz) returns void language plpgsql as $$
declare
    first_day timestamp := date_trunc('month', moment at time zone 'UTC');
    partition text := 'audit_event_' || to_char(first_day, 'YYYYMM');
begin
    perform pg_advisory_xact_lock(hashtextextended('audit-partition', 0));
    if to_regclass(partition) is null then
        execute format('create table %I (like audit_event)', partition);
        execute format('create unique index %I on %I (sequence)', partition || '_sequence', partition);
        execute format('create unique index %I on %I (event_id)', partition || '_event_id', partition);
        execute format(
            'alter table audit_event attach partition %I for values from (%L) to (%L)',
            partition, first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
    end if;
end
$$;
