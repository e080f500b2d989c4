using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Clients;
using Mainstay.Tools.V1;

namespace Mainstay.Skills.Tools;

/// <summary>Asks the tool gateway which tools it offers the caller.</summary>
internal sealed class OfferedTools(ToolService.ToolServiceClient gateway, TimeProvider clock)
{
    // A connector that is needed for the first time is started first.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(15);

    /// <summary>The names of a connector's tools; none where there is no such connector, null where the gateway cannot say.</summary>
    public async Task<IReadOnlySet<string>?> OfAsync(string connector, CallerContext caller, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await gateway.ListToolsAsync(
                new ListToolsRequest { Connectors = { connector } },
                CallerMetadata.ActingFor(caller),
                (clock.GetUtcNow() + LongestAnswer).UtcDateTime,
                cancellationToken);
            return listed.UnavailableConnectors.Count > 0 ? null : listed.Tools.Select(tool => tool.ToolName).ToHashSet(StringComparer.Ordinal);
        }
        catch (ServiceCallException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return new HashSet<string>();
        }
        catch (ServiceCallException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
