create table skill_alias (
    skill_name text not null collate "C" references skill (skill_name),
    alias text not null collate "C",
    version text not null,
    author text not null,
    move_time timestamptz not null,
    primary key (skill_name, alias),
    foreign key (skill_name, version) references skill_version (skill_name, version)
);

-- Where an alias has pointed; an empty version is its removal.
create table skill_alias_move (
    id bigint generated always as identity primary key,
    skill_name text not null collate "C" references skill (skill_name),
    alias text not null collate "C",
    version text not null,
    author text not null,
    move_time timestamptz not null
);

create index skill_alias_move_newest on skill_alias_move (skill_name, id desc);
