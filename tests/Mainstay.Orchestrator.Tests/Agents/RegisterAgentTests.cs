using Google.Rpc;
using Grpc.Core;
using Mainstay.Orchestrator.V1;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Tests.Agents;

public sealed class RegisterAgentTests(OrchestratorFixture orchestrator)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterAgent_Again_ReplacesIt()
    {
        var team = await orchestrator.TeamAsync("answer");
        var agent = (await team.Agents.GetAgentAsync(new GetAgentRequest { AgentId = TestTeam.AgentId }, cancellationToken: Cancellation)).Agent;
        agent.Description = "another";

        await team.Agents.RegisterAgentAsync(new RegisterAgentRequest { Agent = agent }, cancellationToken: Cancellation);

        var listed = await team.Agents.ListAgentsAsync(new ListAgentsRequest(), cancellationToken: Cancellation);
        Assert.Equal("another", Assert.Single(listed.Agents).Description);
    }

    [Fact]
    public async Task RegisterAgent_SkillThatIsNotThere_IsRefused()
    {
        var team = await orchestrator.TeamAsync("answer");
        var agent = new Agent { AgentId = "other", Skills = { new SkillReference { SkillName = "no-such-skill" } } };

        var refusal = await Assert.ThrowsAsync<RpcException>(() => team.Agents.RegisterAgentAsync(new RegisterAgentRequest { Agent = agent }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal("ORCHESTRATOR_ERROR_REASON_SKILL_NOT_FOUND", refusal.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
    }

    [Fact]
    public async Task RegisterAgent_FieldsThatAreNotValid_AreAllNamed()
    {
        var team = await orchestrator.TeamAsync("answer");
        var agent = new Agent { AgentId = "X", Instructions = new string('x', 64 * 1024 + 1), Limits = new RunLimits { MaxIterations = 1001 } };

        var refusal = await Assert.ThrowsAsync<RpcException>(() => team.Agents.RegisterAgentAsync(new RegisterAgentRequest { Agent = agent }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(
            ["agent.agent_id", "agent.instructions", "agent.skills", "agent.limits.max_iterations"],
            refusal.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field));
    }
}
