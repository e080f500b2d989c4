using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

public sealed class WebhookSinkTests : AuditFixture
{
    private readonly WebhookReceiver receiver = new();

    protected override string Sinks =>
        $$"""[{ name: demo, type: webhook, url: "{{receiver.Address}}", secret: "{{WebhookReceiver.Secret}}", first_backoff: 10ms, longest_backoff: 50ms, include: { workflow_id: [mine] } }]""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await receiver.StartAsync(Cancellation);
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
        await PublishAsync(NewEvent("mine"));

        var stored = Assert.Single(await StoredAsync("mine", 1));
        await Eventually.TrueAsync(() => Task.FromResult(!receiver.Taken.IsEmpty), Cancellation);
        var received = Assert.Single(receiver.Taken);
        Assert.Equal(stored.EventId, (string?)received["event_id"]);
        Assert.Equal(stored.Sequence, (long)received["sequence"]!);
        Assert.Equal(stored.Hash, (string?)received["hash"]);
        Assert.Empty(receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_ReceiverFailsAndRecovers_GetsEveryEventInOrder()
    {
        receiver.Fault = Faults.All["503"];
        for (var i = 0; i < 20; i++)
        {
            await PublishAsync(NewEvent("mine", $"step.{i}"));
        }

        var stored = await StoredAsync("mine", 20);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Requests >= 3), Cancellation);
        receiver.Fault = null;

        await Eventually.TrueAsync(() => Task.FromResult(receiver.Ids.Count >= 20), Cancellation);
        Assert.Equal(stored.Select(one => one.EventId), receiver.Ids);
    }

    [Fact]
    public async Task Deliver_ReceiverIsGone_EndsTheDeliveriesAndLosesNothing()
    {
        receiver.Fault = context =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        };

        await PublishAsync(NewEvent("mine"));
        await PublishAsync(NewEvent("mine"));

        await StoredAsync("mine", 2);
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Requests > 0), Cancellation);
        Assert.Equal(1, receiver.Requests);
        Assert.Empty(receiver.Taken);
    }
}
