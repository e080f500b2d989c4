using System.Text.Json.Nodes;
using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Tools.V1;
using Npgsql;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>Reads the rules in force for a caller.</summary>
internal sealed class PolicyReader(NpgsqlDataSource database)
{
    private const string Select = """
        select level, rules::text as rules
        from permission_rule_set
        where (level = 'platform' and team = '') or (level = 'organisation' and team = @Team)
        """;

    public async Task<Policy> ReadAsync(CallerContext caller, CallScope? scope, CancellationToken cancellationToken)
    {
        IReadOnlyList<PermissionRule> workflow = scope is null ? [] : scope.WorkflowRules;
        RuleChecks.Check("scope.workflow_rules", workflow);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var stored = (await connection.QueryAsync<(string Level, string Rules)>(new CommandDefinition(
            Select, new { caller.Team }, cancellationToken: cancellationToken))).ToDictionary(row => row.Level, row => Parse(row.Rules));
        return new Policy(stored.GetValueOrDefault("platform", []), stored.GetValueOrDefault("organisation", []), workflow);
    }

    private static IReadOnlyList<PermissionRule> Parse(string rules) =>
        [.. JsonNode.Parse(rules)!.AsArray().Select(rule => PermissionRule.Parser.ParseJson(rule!.ToJsonString()))];
}
