using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>Lists the tools that the rules do not forbid whatever the arguments.</summary>
internal sealed class ListTools(ConnectorRegistry connectors, PolicyReader policies)
{
    public async Task<ListToolsResponse> ExecuteAsync(ListToolsRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var policy = await policies.ReadAsync(caller, request.Scope, cancellationToken);
        var asked = request.Connectors.Count > 0 ? request.Connectors.Distinct().Select(connectors.Find) : connectors.Names.Select(connectors.Find);
        var listed = await Task.WhenAll(asked.Select(connector => OpenAsync(connector, cancellationToken)));

        var response = new ListToolsResponse();
        foreach (var (connector, session) in listed.OrderBy(one => one.Connector.Name, StringComparer.Ordinal))
        {
            if (session is null)
            {
                response.UnavailableConnectors.Add(connector.Name);
                continue;
            }

            response.Tools.AddRange(
                from tool in session.Tools
                where policy.MayAllow($"{connector.Name}.{tool.Name}")
                orderby tool.Name
                select Describe(connector.Name, tool));
        }

        return response;
    }

    private static Tool Describe(string connector, ConnectorTool tool) => new()
    {
        Connector = connector,
        ToolName = tool.Name,
        Description = tool.Description,
        InputSchema = StructLimits.Allow(tool.InputSchema) ? tool.InputSchema.ToStruct() : null,
    };

    private static async Task<(Connector Connector, ConnectorSession? Session)> OpenAsync(Connector connector, CancellationToken cancellationToken)
    {
        try
        {
            return (connector, await connector.OpenAsync(cancellationToken));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return (connector, null);
        }
    }
}
