using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;
using Npgsql;

namespace Mainstay.Skills.Catalog;

/// <summary>Lists a skill's versions, highest first.</summary>
internal sealed class ListVersions(NpgsqlDataSource database)
{
    // Sorts after every version.
    private const string Start = "~";

    private const string Select = $"""
        select {SkillRow.Columns}
        from skill
        join skill_version version on version.skill_name = skill.skill_name
        where skill.skill_name = @SkillName
            and (version.version_order, version.version) < (@AfterOrder collate "C", @After)
            and (cardinality(@States) = 0 or version.state = any(@States))
            and {Viewer.SeesVersion}
        order by version.version_order desc, version.version desc
        limit @Limit
        """;

    public async Task<ListVersionsResponse> ExecuteAsync(ListVersionsRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var pageSize = Paging.Size(request.PageSize);
        var range = Range(request.Range);
        var found = new List<Skill>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var after = request.PageToken;
        List<Skill> batch;
        do
        {
            // A range is not the database's to know: batches are read until a page is full.
            batch = [.. (await connection.QueryAsync<SkillRow>(new CommandDefinition(
                Select,
                caller.Parameters(new
                {
                    request.SkillName,
                    After = after,
                    AfterOrder = Order(after),
                    States = request.States.Select(SkillStates.Text).ToArray(),
                    Limit = pageSize + 1,
                }),
                cancellationToken: cancellationToken))).Select(row => row.ToSkill())];
            found.AddRange(batch.Where(skill => range is null || range.Contains(SemanticVersion.Parse(skill.Version))));
            after = batch.LastOrDefault()?.Version ?? "";
        }
        while (batch.Count > pageSize && found.Count <= pageSize);

        if (found.Count == 0 && request.PageToken.Length == 0 && range is null && request.States.Count == 0)
        {
            throw SkillErrors.SkillNotFound(request.SkillName, "");
        }

        var page = found.Take(pageSize).ToList();
        return new ListVersionsResponse { Skills = { page }, NextPageToken = found.Count > pageSize ? page[^1].Version : "" };
    }

    private static VersionRange? Range(string text) => text.Length == 0 ? null
        : VersionRange.TryParse(text, out var range) ? range
        : throw SkillErrors.FieldInvalid(("range", "must be a range such as ^1.4.0 or >=1 <3, or empty"));

    private static string Order(string after) => after.Length == 0 ? Start
        : SemanticVersion.TryParse(after, out var version) ? SemanticVersionOrder.Of(version)
        : throw SkillErrors.FieldInvalid(("page_token", "must be the next_page_token of the page before"));
}
