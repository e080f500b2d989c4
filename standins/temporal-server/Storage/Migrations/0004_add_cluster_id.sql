alter table server_lease add column cluster_id uuid not null default gen_random_uuid();
