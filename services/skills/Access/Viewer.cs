using Dapper;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Skills.Access;

/// <summary>What a caller may see, as SQL: a skill open to everyone or to its team or project, a version under a scope that it holds.</summary>
internal static class Viewer
{
    /// <summary>The condition on <c>skill</c> alone.</summary>
    public const string SeesSkill = """
        (@SeesAll or skill.is_public or (skill.owner_team <> '' and skill.owner_team = @Team) or @Team = any(skill.teams) or @Project = any(skill.projects))
        """;

    /// <summary>The condition on <c>skill</c> and <c>version</c>.</summary>
    public const string SeesVersion = $"""
        {SeesSkill}
        and (@SeesAll or version.rbac_scope = '' or version.rbac_scope = any(@Scopes))
        and (@SeesDrafts or version.state <> 'draft')
        """;

    /// <summary>A statement's parameters together with those of the conditions.</summary>
    public static DynamicParameters Parameters(this CallerContext caller, object parameters)
    {
        var all = new DynamicParameters(parameters);
        all.AddDynamicParams(new
        {
            SeesAll = caller.IsAdmin,
            SeesDrafts = caller.SeesDrafts(),
            Scopes = caller.RbacScope.Split(' '),
            caller.Team,
            caller.Project,
        });
        return all;
    }
}
