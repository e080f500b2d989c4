using Dapper;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;

namespace Mainstay.Orchestrator.Agents;

/// <summary>Reads an agent of the caller's team.</summary>
internal sealed class GetAgent(NpgsqlDataSource database)
{
    private const string Select = """
        select content::text
        from agent
        where team = @Team and agent_id = @AgentId
        """;

    public async Task<Agent> ExecuteAsync(string agentId, CallerContext caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var content = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            Select, new { caller.Team, agentId }, cancellationToken: cancellationToken));
        return content is null ? throw OrchestratorErrors.AgentNotFound(agentId) : Agent.Parser.ParseJson(content);
    }
}
