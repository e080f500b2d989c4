using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Webhook;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

public sealed class WebhookSinkTests : AuditFixture
{
    private const string Secret = "whsec_YaZLIPLR633A/6wbRBMihXkaAeNNH1r0+qtkpewnXJ8=";

    private Receiver receiver = null!;

    protected override string Sinks =>
        $$"""[{ name: demo, type: webhook, url: "{{receiver.Address}}", secret: "{{Secret}}", first_backoff: 10ms, longest_backoff: 50ms }]""";

    public override async ValueTask InitializeAsync()
    {
        receiver = await Receiver.StartAsync(TestContext.Current.CancellationToken);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task Deliver_ReceiverTakesIt_IsSignedAndCarriesTheEventWithItsPlace()
    {
        await PublishAsync(NewEvent("delivered"));

        var stored = Assert.Single(await StoredAsync("delivered", 1));
        var received = (await ReceivedAsync("delivered", 1))[0];
        var data = JsonNode.Parse(received.Body)!["data"]!;
        Assert.True(WebhookSignature.TryParse(Secret, out var signature));
        Assert.Equal(signature!.Sign(received.Id, received.Timestamp, received.Body), received.Signature);
        Assert.Equal(stored.EventId, received.Id);
        Assert.Equal("audit.tool_call", (string?)JsonNode.Parse(received.Body)!["type"]);
        Assert.Equal(stored.Sequence, (long)data["sequence"]!);
        Assert.Equal(stored.Hash, (string?)data["hash"]);
    }

    [Fact]
    public async Task Deliver_ReceiverFailsAndRecovers_GetsEveryEventInOrder()
    {
        receiver.Answer = _ => StatusCodes.Status503ServiceUnavailable;
        for (var i = 0; i < 20; i++)
        {
            await PublishAsync(NewEvent("recovered", $"step.{i}"));
        }

        var stored = await StoredAsync("recovered", 20);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Refusals >= 3), TestContext.Current.CancellationToken);
        receiver.Answer = _ => StatusCodes.Status200OK;

        var received = await ReceivedAsync("recovered", 20);
        Assert.Equal(stored.Select(one => one.EventId), received.Select(one => one.Id));
    }

    [Fact]
    public async Task Deliver_ReceiverIsGone_EndsTheDeliveriesAndLosesNothing()
    {
        receiver.Answer = _ => StatusCodes.Status410Gone;

        await PublishAsync(NewEvent("gone"));
        await PublishAsync(NewEvent("gone"));

        await StoredAsync("gone", 2);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Refusals > 0), TestContext.Current.CancellationToken);
        Assert.Equal(1, receiver.Refusals);
        Assert.Empty(receiver.Taken);
    }

    private async Task<List<Received>> ReceivedAsync(string workflow, int count)
    {
        List<Received> received = [];
        await Eventually.TrueAsync(
            () =>
            {
                received = [.. receiver.Taken.Where(one => (string?)JsonNode.Parse(one.Body)!["data"]!["workflow_id"] == workflow)];
                return Task.FromResult(received.Count >= count);
            },
            TestContext.Current.CancellationToken);
        return received;
    }
}
