-- What models and tools write may hold U+0000, which jsonb refuses and json keeps. Nothing here is searched by its content.
alter table agent
    alter column content type json;

alter table task
    alter column agent type json,
    alter column input type json,
    alter column permission_rules type json,
    alter column result type json,
    alter column pinned_skills drop default,
    alter column pinned_skills type json,
    alter column pinned_skills set default '[]',
    alter column run_config type json;

alter table task_event
    alter column data type json;

alter table transcript_message
    alter column content type json;

alter table approval
    alter column arguments type json;
