using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

public sealed class WebhookSinkTests : ForwardingFixture
{
    [Fact]
    public async Task Deliver_ReceiverTakesIt_IsSignedAndCarriesTheEventWithItsPlace()
    {
        await PublishAsync(NewEvent("mine"));

        var stored = Assert.Single(await StoredAsync("mine", 1));
        await Eventually.TrueAsync(() => Task.FromResult(!Receiver.Taken.IsEmpty), Cancellation);
        var received = Assert.Single(Receiver.Taken);
        Assert.Equal(stored.EventId, (string?)received["event_id"]);
        Assert.Equal(stored.Sequence, (long)received["sequence"]!);
        Assert.Equal(stored.Hash, (string?)received["hash"]);
        Assert.Empty(Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_ReceiverFailsAndRecovers_GetsEveryEventInOrder()
    {
        Receiver.Fault = Faults.All["503"];
        for (var i = 0; i < 20; i++)
        {
            await PublishAsync(NewEvent("mine", $"step.{i}"));
        }

        var stored = await StoredAsync("mine", 20);
        await Eventually.TrueAsync(() => Task.FromResult(Receiver.Requests >= 3), Cancellation);
        Receiver.Fault = null;

        await Eventually.TrueAsync(() => Task.FromResult(Receiver.Ids.Count >= 20), Cancellation);
        Assert.Equal(stored.Select(one => one.EventId), Receiver.Ids);
    }

    [Fact]
    public async Task Deliver_ReceiverIsGone_EndsTheDeliveriesAndLosesNothing()
    {
        Receiver.Fault = context =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        };

        await PublishAsync(NewEvent("mine"));
        await PublishAsync(NewEvent("mine"));

        await StoredAsync("mine", 2);
        await Eventually.TrueAsync(() => Task.FromResult(Receiver.Requests > 0), Cancellation);
        Assert.Equal(1, Receiver.Requests);
        Assert.Empty(Receiver.Taken);
    }
}
