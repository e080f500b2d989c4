using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;

namespace Mainstay.Skills.Access;

/// <summary>Keeps a skill for one change at a time, and for those who may change it.</summary>
internal static class LockSkill
{
    private const string Select = $"""
        select owner_team, {Viewer.SeesSkill} as is_visible
        from skill
        where skill_name = @SkillName
        for update
        """;

    // The update changes nothing; it locks the row that is there.
    private const string Insert = $"""
        insert into skill (skill_name, owner_team)
        values (@SkillName, @Team)
        on conflict (skill_name) do update set skill_name = excluded.skill_name
        returning owner_team, {Viewer.SeesSkill} as is_visible
        """;

    /// <summary>Locks a skill that is there, until the transaction ends.</summary>
    public static Task ExistingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string skillName, CallerContext caller, CancellationToken cancellationToken) =>
        LockAsync(Select, connection, transaction, skillName, caller, cancellationToken);

    /// <summary>Locks a skill, which is the caller's team's from now on when it is new.</summary>
    public static Task NewOrExistingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string skillName, CallerContext caller, CancellationToken cancellationToken) =>
        LockAsync(Insert, connection, transaction, skillName, caller, cancellationToken);

    private static async Task LockAsync(
        string statement, NpgsqlConnection connection, NpgsqlTransaction transaction, string skillName, CallerContext caller, CancellationToken cancellationToken)
    {
        var skill = await connection.QuerySingleOrDefaultAsync<Owned>(new CommandDefinition(
            statement, caller.Parameters(new { skillName }), transaction, cancellationToken: cancellationToken));
        if (skill is null)
        {
            throw SkillErrors.SkillNotFound(skillName, "");
        }

        if (skill.OwnerTeam.Length > 0 && skill.OwnerTeam != caller.Team && !caller.IsAdmin)
        {
            throw skill.IsVisible ? SkillErrors.NotOwner(skillName, skill.OwnerTeam) : SkillErrors.SkillNotFound(skillName, "");
        }
    }

    private sealed record Owned(string OwnerTeam, bool IsVisible);
}
