-- An index that names a column in its condition forbids to update that column in place: this one changes when a run closes, not with each transition.
alter table run add column at_work boolean not null default true;
update run set at_work = has_tasks or close_time is null;
drop index run_at_work;
create index run_at_work on run (run_id) where at_work;
alter table run set (fillfactor = 70);
