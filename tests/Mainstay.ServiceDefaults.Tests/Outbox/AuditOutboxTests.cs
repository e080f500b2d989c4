using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Tests.Hosting;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.ServiceDefaults.Tests.Outbox;

public sealed class AuditOutboxTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_TransactionCommits_PublishesTheEventWithItsRoutingKey()
    {
        await using var bus = await BusListener.StartAsync("mainstay.audit", "probe.#", Cancellation);
        var client = new SkillService.SkillServiceClient(probe.Service.As());

        await Assert.ThrowsAsync<RpcException>(() => client.RegisterSkillAsync(new RegisterSkillRequest { RequestId = "rolled back" }, cancellationToken: Cancellation).ResponseAsync);
        await client.RegisterSkillAsync(new RegisterSkillRequest { RequestId = "committed", Skill = new Skill() }, cancellationToken: Cancellation);

        // The committed one comes first: the one that was rolled back left nothing to publish.
        var message = await bus.NextAsync(Cancellation);
        var published = JsonSerializer.Deserialize<AuditEvent>(Encoding.UTF8.GetString(message.Body.Span))!;
        Assert.Equal("probe.probe_act.success", message.RoutingKey);
        Assert.True(message.Persistent);
        Assert.Equal(CanonicalJson.Serialize(JsonNode.Parse(message.Body.Span)), message.Body.ToArray());
        Assert.Equal("committed", published.AgentId);
        Assert.Equal(32, published.TraceId.Length);
    }

    [Fact]
    public async Task Append_TextWithNul_IsPublishedWithTheReplacementCharacter()
    {
        await using var bus = await BusListener.StartAsync("mainstay.audit", "probe.#", Cancellation);
        var client = new SkillService.SkillServiceClient(probe.Service.As());

        await client.RegisterSkillAsync(new RegisterSkillRequest { RequestId = "nul \0, and as text \\u0000", Skill = new Skill() }, cancellationToken: Cancellation);

        string agentId;
        do
        {
            agentId = JsonSerializer.Deserialize<AuditEvent>(Encoding.UTF8.GetString((await bus.NextAsync(Cancellation)).Body.Span))!.AgentId;
        }
        while (!agentId.StartsWith("nul", StringComparison.Ordinal));
        Assert.Equal("nul \uFFFD, and as text \\u0000", agentId);
    }
}
