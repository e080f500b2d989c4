using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Aliases;

/// <summary>Lists a skill's aliases, by name.</summary>
internal sealed class ListAliases(NpgsqlDataSource database)
{
    private const string Select = """
        select alias, version, author, move_time
        from skill_alias
        where skill_name = @SkillName
        order by alias
        """;

    public async Task<ListAliasesResponse> ExecuteAsync(ListAliasesRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await SeenSkill.RequireAsync(connection, request.SkillName, caller, cancellationToken);
        var rows = await connection.QueryAsync<AliasRow>(new CommandDefinition(Select, new { request.SkillName }, cancellationToken: cancellationToken));
        return new ListAliasesResponse { Aliases = { rows.Select(row => row.ToAlias()) } };
    }
}
