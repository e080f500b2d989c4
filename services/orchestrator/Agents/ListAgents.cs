using Dapper;
using Mainstay.Orchestrator.Tasks;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;

namespace Mainstay.Orchestrator.Agents;

/// <summary>Lists the agents of the caller's team, by id.</summary>
internal sealed class ListAgents(NpgsqlDataSource database)
{
    private const string Select = """
        select content::text
        from agent
        where team = @Team and agent_id > @After
        order by agent_id
        limit @Limit
        """;

    public async Task<ListAgentsResponse> ExecuteAsync(ListAgentsRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var pageSize = PageSize.Of(request.PageSize);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<string>(new CommandDefinition(
            Select, new { caller.Team, After = request.PageToken, Limit = pageSize + 1 }, cancellationToken: cancellationToken)))
            .Select(Agent.Parser.ParseJson)
            .ToList();

        var page = found.Take(pageSize).ToList();
        return new ListAgentsResponse { Agents = { page }, NextPageToken = found.Count > pageSize ? page[^1].AgentId : "" };
    }
}
