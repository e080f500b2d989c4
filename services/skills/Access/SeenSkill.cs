using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;

namespace Mainstay.Skills.Access;

/// <summary>Keeps what belongs to a skill as a whole to those who may see one of its versions.</summary>
internal static class SeenSkill
{
    private const string Select = $"""
        select exists (
            select
            from skill
            join skill_version version on version.skill_name = skill.skill_name
            where skill.skill_name = @SkillName and {Viewer.SeesVersion}
        )
        """;

    /// <summary>Refuses a skill that is not there, or not for this caller, in the same words.</summary>
    public static async Task RequireAsync(NpgsqlConnection connection, string skillName, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Select, caller.Parameters(new { skillName }), cancellationToken: cancellationToken)))
        {
            throw SkillErrors.SkillNotFound(skillName, "");
        }
    }
}
