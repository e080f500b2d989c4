using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ToolGateway.Connectors;
using Mainstay.ToolGateway.Invocation;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Grpc;

/// <summary>Hands each rpc to its act.</summary>
internal sealed class ToolGrpcService(ListTools listTools, CheckPermission checkPermission, CallTool callTool, SetPermissionRules setPermissionRules)
    : ToolService.ToolServiceBase
{
    public override Task<ListToolsResponse> ListTools(ListToolsRequest request, ServerCallContext context) =>
        listTools.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override async Task<CheckPermissionResponse> CheckPermission(CheckPermissionRequest request, ServerCallContext context) =>
        new() { Decision = await checkPermission.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };

    public override Task<CallToolResponse> CallTool(CallToolRequest request, ServerCallContext context) =>
        callTool.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override async Task<SetPermissionRulesResponse> SetPermissionRules(SetPermissionRulesRequest request, ServerCallContext context) =>
        new() { PolicyVersion = await setPermissionRules.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };
}
