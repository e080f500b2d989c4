using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Audit.V1;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Control;

public sealed class SinkServiceTests : ForwardingFixture
{
    private static readonly DateTime Day = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly string actor = $"root-{Guid.CreateVersion7():n}";

    private SinkService.SinkServiceClient Client => new(Service.As(actor, ("role", "admin")));

    [Fact]
    public async Task PauseAndResume_Sink_HoldsEventsAndThenDeliversThem()
    {
        var paused = await Client.PauseSinkAsync(new PauseSinkRequest { Name = "siem", Reason = "maintenance" }, cancellationToken: Cancellation);
        Assert.Equal((SinkState.Paused, "maintenance"), (paused.Sink.State, paused.Sink.StateReason));

        await PublishAsync(NewEvent("mine"));
        var stored = Assert.Single(await StoredAsync("mine", 1));
        var held = await SinkAsync();
        Assert.True(held.LagCount > 0);
        Assert.True(held.Cursor < stored.Sequence);
        Assert.Equal(0, Receiver.Requests);

        var resumed = await Client.ResumeSinkAsync(new ResumeSinkRequest { Name = "siem" }, cancellationToken: Cancellation);
        await ReceivedAsync(1);
        Assert.Equal(SinkState.Running, resumed.Sink.State);
        Assert.Equal([stored.EventId], Receiver.Ids);
        await RecordedAsync("sink_pause");
        await RecordedAsync("sink_resume");
    }

    [Fact]
    public async Task Replay_RangeOfTime_ComesOnceMoreInOrder()
    {
        await PublishAsync(NewEvent("mine", "early") with { Timestamp = DateTimeOffset.UnixEpoch.AddYears(50) });
        await ReceivedAsync(1);
        for (var i = 0; i < 5; i++)
        {
            await PublishAsync(NewEvent("mine", $"step_{i}"));
        }

        await ReceivedAsync(6);
        var request = new ReplaySinkRequest
        {
            Name = "siem",
            StartTime = Day.ToTimestamp(),
            EndTime = Day.AddDays(1).ToTimestamp(),
            RequestId = Guid.CreateVersion7().ToString(),
        };
        var first = await Client.ReplaySinkAsync(request, cancellationToken: Cancellation);
        var repeated = await Client.ReplaySinkAsync(request, cancellationToken: Cancellation);
        await ReceivedAsync(11);

        Assert.Equal(first.Replay.ReplayId, repeated.Replay.ReplayId);
        var ids = Receiver.Taken.Select(one => (string)one["event_id"]!).ToList();
        Assert.Equal(ids[1..6], ids[6..]);
        await Eventually.TrueAsync(async () => (await SinkAsync()).Replays.Count == 0, Cancellation);
        Assert.Equal(11, Receiver.Taken.Count);
        await RecordedAsync("sink_replay");
    }

    [Fact]
    public async Task DeadLetters_RetriedWhenTheReceiverTakesThem_AreDelivered()
    {
        Receiver.Fault = context =>
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Task.CompletedTask;
        };
        await PublishAsync(NewEvent("mine", "first"));
        await PublishAsync(NewEvent("mine", "second"));
        var dead = await DeadLettersAsync(2);
        var page = await Client.ListSinkDeadLettersAsync(new ListSinkDeadLettersRequest { Name = "siem", PageSize = 1 }, cancellationToken: Cancellation);
        Assert.Equal(dead[0].EventId, Assert.Single(page.DeadLetters).EventId);
        Assert.NotEmpty(page.NextPageToken);
        Assert.Equal("it answered 422", dead[0].Reason);

        // Refused once more, it stays.
        await Client.RetrySinkDeadLettersAsync(new RetrySinkDeadLettersRequest { Name = "siem", EventIds = { dead[0].EventId } }, cancellationToken: Cancellation);
        await Eventually.TrueAsync(async () => (await DeadLettersAsync(2))[0].AttemptCount == 2, Cancellation);

        Receiver.Fault = null;
        var retried = await Client.RetrySinkDeadLettersAsync(new RetrySinkDeadLettersRequest { Name = "siem" }, cancellationToken: Cancellation);
        await DeadLettersAsync(0);

        Assert.Equal(2, retried.RetryCount);
        Assert.Equal(dead.Select(one => one.EventId), Receiver.Ids);
        await RecordedAsync("sink_dead_letters_retry");
    }

    [Fact]
    public async Task Test_Sink_SaysWhetherAnEventArrives()
    {
        var arrived = await Client.TestSinkAsync(new TestSinkRequest { Name = "siem" }, cancellationToken: Cancellation);
        var failed = await Client.TestSinkAsync(new TestSinkRequest { Name = "lost" }, cancellationToken: Cancellation);

        Assert.True(arrived.Delivered, arrived.Failure);
        Assert.Equal("sink_test", (string?)Assert.Single(Receiver.Taken)["action"]);
        Assert.False(failed.Delivered);
        Assert.StartsWith("the file could not be written", failed.Failure, StringComparison.Ordinal);
        await RecordedAsync("sink_test");
    }

    [Fact]
    public async Task ListSinks_ReceiverFails_ShowsWhy()
    {
        Receiver.Fault = Faults.All["503"];
        await PublishAsync(NewEvent("mine"));

        var sink = await SinkAsync();
        await Eventually.TrueAsync(async () => (sink = await SinkAsync()).FailureCount > 1, Cancellation);

        Assert.Equal(("siem", "webhook", "plain"), (sink.Name, sink.Type, sink.Format));
        Assert.Equal((SinkState.Retrying, "it answered 503"), (sink.State, sink.Failure));
        Assert.NotNull(sink.RetryTime);
    }

    private async Task<Sink> SinkAsync() => (await Client.ListSinksAsync(new ListSinksRequest(), cancellationToken: Cancellation)).Sinks[0];

    private Task ReceivedAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(Receiver.Taken.Count >= count), Cancellation);

    private async Task<IReadOnlyList<SinkDeadLetter>> DeadLettersAsync(int count)
    {
        IReadOnlyList<SinkDeadLetter> found = [];
        await Eventually.TrueAsync(
            async () =>
            {
                found = (await Client.ListSinkDeadLettersAsync(new ListSinkDeadLettersRequest { Name = "siem" }, cancellationToken: Cancellation)).DeadLetters;
                return found.Count == count;
            },
            Cancellation);
        return found;
    }

    // Each change comes back over the bus, as every other service's events do.
    private Task RecordedAsync(string action) => Eventually.TrueAsync(
        async () => (await Reader().SearchEventsAsync(new SearchEventsRequest { Action = action }, cancellationToken: Cancellation)).Events
            .Any(one => one.UserContext.InitiatedBy == actor && one.Resource.Connector == "audit_sink"),
        Cancellation);
}
