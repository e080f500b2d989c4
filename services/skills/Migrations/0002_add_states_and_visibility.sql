-- One row per skill: what holds for all its versions, and which of them is the newest.
create table skill (
    skill_name text primary key collate "C",
    -- The team that registered it first, which alone may change it; empty means any team.
    owner_team text not null,
    is_public boolean not null default true,
    teams text[] not null default '{}',
    projects text[] not null default '{}',
    -- What a reader gets who names no version; null before anything is released.
    newest_id uuid references skill_version (id),
    tags text[] not null default '{}',
    owner text not null default '',
    document tsvector not null default ''
);

create index skill_document on skill using gin (document);
create index skill_tags on skill using gin (tags);
create index skill_owner on skill (owner, skill_name);

alter table skill_version
    -- draft, published, deprecated or withdrawn
    add state text not null default 'published',
    add state_reason text not null default '',
    add state_time timestamptz,
    add state_author text not null default '',
    -- Who wrote the content, which is not always who published it.
    add author text not null default '',
    alter publish_time drop not null;

update skill_version set state_time = publish_time, state_author = publisher, author = publisher;

alter table skill_version
    alter state drop default,
    alter state_time set not null;

insert into skill (skill_name, owner_team, newest_id, document)
select distinct on (skill_name)
    skill_name,
    '',
    case when not is_prerelease then id end,
    setweight(to_tsvector('english', skill_name), 'A') || setweight(to_tsvector('english', coalesce(content ->> 'description', '')), 'C')
from skill_version
order by skill_name, is_prerelease, version_order desc;

alter table skill_version add foreign key (skill_name) references skill (skill_name);

drop index skill_version_newest;
create index skill_version_newest on skill_version (skill_name, version_order desc);
