using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Catalog;

/// <summary>Lists the highest release of every skill that the caller may see, by name.</summary>
internal sealed class ListSkills(NpgsqlDataSource database)
{
    private const int DefaultPageSize = 50;
    private const int MostPageSize = 1000;

    // A page begins after a name, so that every page costs the same however deep it lies.
    private const string Select = """
        select distinct on (skill_name) content::text
        from skill_version
        where skill_name > @After
            and not is_prerelease
            and (@SeesAll or rbac_scope = '' or rbac_scope = any(@Scopes))
        order by skill_name, version_order desc
        limit @Limit
        """;

    public async Task<ListSkillsResponse> ExecuteAsync(ListSkillsRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        if (request.PageSize is < 0 or > MostPageSize)
        {
            throw SkillErrors.FieldInvalid(("page_size", $"must be 1 to {MostPageSize}, or 0 for {DefaultPageSize}"));
        }

        var pageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<string>(new CommandDefinition(
            Select,
            new { After = request.PageToken, SeesAll = caller.IsAdmin, Scopes = caller.RbacScope.Split(' '), Limit = pageSize + 1 },
            cancellationToken: cancellationToken))).Select(Skill.Parser.ParseJson).ToList();

        var page = found.Take(pageSize).ToList();
        return new ListSkillsResponse { Skills = { page }, NextPageToken = found.Count > pageSize ? page[^1].SkillName : "" };
    }
}
