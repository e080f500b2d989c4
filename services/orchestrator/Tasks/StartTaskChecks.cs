using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.Orchestrator.Agents;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Checks a request for a run.</summary>
internal static class StartTaskChecks
{
    private const int MostGoalBytes = 64 * 1024;
    private const int MostInputBytes = 1024 * 1024;

    /// <summary>Refuses a request with every field that is not valid; returns its request_id.</summary>
    public static Guid Check(StartTaskRequest request)
    {
        var violations = new List<(string, string)>();
        if (!Guid.TryParse(request.RequestId, out var requestId))
        {
            violations.Add(("request_id", "must be a UUID of your choice; the same one again returns the same task"));
        }

        if (request.AgentId.Length == 0)
        {
            violations.Add(("agent_id", "must be the id of a registered agent"));
        }

        if (Encoding.UTF8.GetByteCount(request.Goal) > MostGoalBytes)
        {
            violations.Add(("goal", "must be at most 64 KiB of UTF-8"));
        }

        if (request.Input?.CalculateSize() > MostInputBytes)
        {
            violations.Add(("input", "must be at most 1 MiB"));
        }

        violations.AddRange(AgentChecks.RuleViolations("permission_rules", request.PermissionRules));
        return violations.Count == 0 ? requestId : throw OrchestratorErrors.FieldInvalid([.. violations]);
    }

    /// <summary>What tells two requests apart.</summary>
    public static string Digest(StartTaskRequest request) => CanonicalJson.Digest(JsonNode.Parse(JsonFormatter.Default.Format(request)));
}
