using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Catalog;

/// <summary>Lists or searches the skills that the caller may see, by name, each with its newest version.</summary>
internal sealed class ListSkills(NpgsqlDataSource database)
{
    private const int LongestQuery = 512;

    // A page begins after a name, so that every page costs the same however deep it lies.
    private const string Select = $"""
        select {SkillRow.Columns}
        from skill
        join skill_version version on version.id = skill.newest_id
        where skill.skill_name > @After and {Viewer.SeesVersion}
        """;

    private const string Searched = " and skill.document @@ websearch_to_tsquery('english', @Query)";
    private const string Tagged = " and skill.tags @> @Tags";
    private const string Owned = " and skill.owner = @Owner";
    private const string Page = " order by skill.skill_name limit @Limit";

    public async Task<ListSkillsResponse> ExecuteAsync(ListSkillsRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var pageSize = Paging.Size(request.PageSize);
        if (request.Query.Length > LongestQuery)
        {
            throw SkillErrors.FieldInvalid(("query", $"must be at most {LongestQuery} characters"));
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<SkillRow>(new CommandDefinition(
            Statement(request),
            caller.Parameters(new { After = request.PageToken, request.Query, Tags = request.Tags.ToArray(), request.Owner, Limit = pageSize + 1 }),
            cancellationToken: cancellationToken))).Select(row => row.ToSkill()).ToList();

        var page = found.Take(pageSize).ToList();
        return new ListSkillsResponse { Skills = { page }, NextPageToken = found.Count > pageSize ? page[^1].SkillName : "" };
    }

    private static string Statement(ListSkillsRequest request) => string.Concat(
        Select,
        request.Query.Length > 0 ? Searched : "",
        request.Tags.Count > 0 ? Tagged : "",
        request.Owner.Length > 0 ? Owned : "",
        Page);
}
