using System.Globalization;
using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Aliases;

/// <summary>Lists where aliases have pointed and who moved them, newest first.</summary>
internal sealed class ListAliasMoves(NpgsqlDataSource database)
{
    private const string Select = """
        select id, alias, version, author, move_time
        from skill_alias_move
        where skill_name = @SkillName and id < @Before and (@Alias = '' or alias = @Alias)
        order by id desc
        limit @Limit
        """;

    public async Task<ListAliasMovesResponse> ExecuteAsync(ListAliasMovesRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var pageSize = Paging.Size(request.PageSize);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await SeenSkill.RequireAsync(connection, request.SkillName, caller, cancellationToken);
        var rows = (await connection.QueryAsync<long, AliasRow, (long Id, AliasRow Row)>(
            new CommandDefinition(
                Select, new { request.SkillName, request.Alias, Before = Before(request.PageToken), Limit = pageSize + 1 }, cancellationToken: cancellationToken),
            (id, row) => (id, row),
            splitOn: "alias")).ToList();

        var page = rows.Take(pageSize).ToList();
        return new ListAliasMovesResponse
        {
            Moves = { page.Select(move => move.Row.ToAlias()) },
            NextPageToken = rows.Count > pageSize ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    private static long Before(string pageToken) => pageToken.Length == 0 ? long.MaxValue
        : long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw SkillErrors.FieldInvalid(("page_token", "must be the next_page_token of the page before"));
}
