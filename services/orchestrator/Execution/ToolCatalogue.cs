using System.Text.RegularExpressions;
using Google.Protobuf;
using Mainstay.Tools.V1;
using Temporalio.Exceptions;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Finds the tools that a run's skills allow and its rules do not forbid, and names them for a model.</summary>
internal sealed partial class ToolCatalogue(ToolService.ToolServiceClient tools, TimeProvider clock)
{
    private const int LongestName = 64;

    /// <summary>The tools to offer, by name.</summary>
    public async Task<IReadOnlyList<OfferedTool>> OfferAsync(RunContext run, IReadOnlyList<string> allowed)
    {
        var connectors = allowed.Select(tool => tool[..tool.IndexOf('.', StringComparison.Ordinal)]).Distinct().ToArray();
        if (connectors.Length == 0)
        {
            return [];
        }

        var listed = await PeerCall.RunAsync("tool-gateway", clock, async token => await tools.ListToolsAsync(
            new ListToolsRequest { Connectors = { connectors }, Scope = run.Scope }, run.ActingForInitiator, cancellationToken: token));
        if (listed.UnavailableConnectors.Count > 0)
        {
            throw new ApplicationFailureException(
                $"tool-gateway: the connectors {string.Join(", ", listed.UnavailableConnectors)} cannot be started; the gateway's log says why.", errorType: "ConnectorUnavailable");
        }

        return
        [
            .. listed.Tools
                .Where(tool => allowed.Contains($"{tool.Connector}.{tool.ToolName}") || allowed.Contains($"{tool.Connector}.*"))
                .Select(tool => new OfferedTool(
                    NameFor(tool), tool.Connector, tool.ToolName, tool.Description, JsonFormatter.Default.Format(tool.InputSchema ?? new())))
                .DistinctBy(tool => tool.Name),
        ];
    }

    private static string NameFor(Tool tool)
    {
        var name = NotAllowed().Replace($"{tool.Connector}__{tool.ToolName}", "_");
        return name.Length > LongestName ? name[..LongestName] : name;
    }

    [GeneratedRegex("[^a-zA-Z0-9_-]")]
    private static partial Regex NotAllowed();
}
