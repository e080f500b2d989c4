using Grpc.Core;
using Mainstay.Orchestrator.Agents;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Orchestrator.Grpc;

/// <summary>Hands each rpc about agents to its act.</summary>
internal sealed class AgentGrpcService(RegisterAgent registerAgent, GetAgent getAgent, ListAgents listAgents) : AgentService.AgentServiceBase
{
    public override async Task<RegisterAgentResponse> RegisterAgent(RegisterAgentRequest request, ServerCallContext context) =>
        new() { Agent = await registerAgent.ExecuteAsync(request.Agent, context.GetCaller(), context.CancellationToken) };

    public override async Task<GetAgentResponse> GetAgent(GetAgentRequest request, ServerCallContext context) =>
        new() { Agent = await getAgent.ExecuteAsync(request.AgentId, context.GetCaller(), context.CancellationToken) };

    public override Task<ListAgentsResponse> ListAgents(ListAgentsRequest request, ServerCallContext context) =>
        listAgents.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);
}
