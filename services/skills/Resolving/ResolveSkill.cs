using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Aliases;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;
using Npgsql;

namespace Mainstay.Skills.Resolving;

/// <summary>Chooses the version that a reference means, and says why that one.</summary>
internal sealed class ResolveSkill(NpgsqlDataSource database, SkillsPolicy policy)
{
    private const int LongestReference = 256;

    private const string Select = $"""
        select version.version, version.digest, version.state, version.state_reason
        from skill
        join skill_version version on version.skill_name = skill.skill_name
        where skill.skill_name = @SkillName and version.state <> 'draft' and {Viewer.SeesVersion}
        """;

    private const string Exactly = " and version.version = @Version";
    private const string HighestFirst = " order by version.version_order desc, version.version desc";

    private const string SelectAlias = "select version from skill_alias where skill_name = @SkillName and alias = @Alias";

    public async Task<ResolveSkillResponse> ExecuteAsync(ResolveSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        if (request.Reference.Length > LongestReference)
        {
            throw SkillErrors.FieldInvalid(("reference", $"must be at most {LongestReference} characters"));
        }

        var reference = request.Reference.Trim();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (reference is "" or AliasName.Latest)
        {
            var releases = (await CandidatesAsync(connection, request.SkillName, caller, cancellationToken)).Where(candidate => !candidate.Parsed.IsPrerelease).ToList();
            return Choice.Among(request.SkillName, AliasName.Latest, releases, ResolutionKind.Latest);
        }

        if (SemanticVersion.TryParse(reference, out _))
        {
            var exact = await ExactAsync(connection, request.SkillName, reference, caller, cancellationToken)
                ?? throw SkillErrors.SkillNotFound(request.SkillName, reference);
            return Choice.Of(request.SkillName, exact, ResolutionKind.Exact, $"The reference names the version {exact.Version} itself.", policy);
        }

        if (VersionRange.TryParse(reference, out var range))
        {
            var fitting = (await CandidatesAsync(connection, request.SkillName, caller, cancellationToken)).Where(candidate => range.Contains(candidate.Parsed)).ToList();
            return Choice.Among(request.SkillName, reference, fitting, ResolutionKind.Range);
        }

        return await ByAliasAsync(connection, request.SkillName, reference, caller, cancellationToken);
    }

    private async Task<ResolveSkillResponse> ByAliasAsync(
        NpgsqlConnection connection, string skillName, string alias, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!AliasName.IsValid(alias))
        {
            throw SkillErrors.FieldInvalid(("reference", "must be an exact version, an alias, \"latest\" or a range such as ^1.4.0"));
        }

        await SeenSkill.RequireAsync(connection, skillName, caller, cancellationToken);
        var version = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(SelectAlias, new { skillName, alias }, cancellationToken: cancellationToken))
            ?? throw SkillErrors.AliasNotFound(skillName, alias);
        var target = await ExactAsync(connection, skillName, version, caller, cancellationToken) ?? throw SkillErrors.AliasNotFound(skillName, alias);
        return Choice.Of(skillName, target, ResolutionKind.Alias, $"The alias {alias} points at {version}.", policy);
    }

    private static async Task<Candidate?> ExactAsync(
        NpgsqlConnection connection, string skillName, string version, CallerContext caller, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<Candidate>(new CommandDefinition(
            Select + Exactly, caller.Parameters(new { skillName, version = version.TrimStart('v') }), cancellationToken: cancellationToken));

    private static async Task<List<Candidate>> CandidatesAsync(NpgsqlConnection connection, string skillName, CallerContext caller, CancellationToken cancellationToken)
    {
        var candidates = (await connection.QueryAsync<Candidate>(new CommandDefinition(
            Select + HighestFirst, caller.Parameters(new { skillName }), cancellationToken: cancellationToken))).ToList();
        return candidates.Count > 0 ? candidates : throw SkillErrors.SkillNotFound(skillName, "");
    }
}
