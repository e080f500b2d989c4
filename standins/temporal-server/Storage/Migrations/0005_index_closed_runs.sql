create index run_by_close on run (namespace, close_time) where close_time is not null;
