using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Audit.V1;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Control;

public sealed class SinkServiceTests : AuditFixture
{
    private static readonly DateTime Day = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly WebhookReceiver receiver = new();
    private readonly string actor = $"root-{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected override string Sinks =>
        $$"""[{ name: siem, type: webhook, url: "{{receiver.Address}}", secret: "{{WebhookReceiver.Secret}}", first_backoff: 10ms, longest_backoff: 10ms, include: { workflow_id: [mine] } }, { name: lost, type: file, path: /dev/null/lost, include: { workflow_id: [none] } }]""";

    private SinkService.SinkServiceClient Client => new(Service.As(actor, ("role", "admin")));

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
    public async Task PauseAndResume_Sink_HoldsEventsAndThenDeliversThem()
    {
        var paused = await Client.PauseSinkAsync(new PauseSinkRequest { Name = "siem", Reason = "maintenance" }, cancellationToken: Cancellation);
        Assert.Equal((SinkState.Paused, "maintenance"), (paused.Sink.State, paused.Sink.StateReason));

        await PublishAsync(NewEvent("mine"));
        var stored = Assert.Single(await StoredAsync("mine", 1));
        var held = await SinkAsync();
        Assert.True(held.LagCount > 0);
        Assert.True(held.Cursor < stored.Sequence);
        Assert.Equal(0, receiver.Requests);

        var resumed = await Client.ResumeSinkAsync(new ResumeSinkRequest { Name = "siem" }, cancellationToken: Cancellation);
        await ReceivedAsync(1);
        Assert.Equal(SinkState.Running, resumed.Sink.State);
        Assert.Equal([stored.EventId], receiver.Ids);
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
        var ids = receiver.Taken.Select(one => (string)one["event_id"]!).ToList();
        Assert.Equal(ids[1..6], ids[6..]);
        await Eventually.TrueAsync(async () => (await SinkAsync()).Replays.Count == 0, Cancellation);
        Assert.Equal(11, receiver.Taken.Count);
        await RecordedAsync("sink_replay");
    }

    [Fact]
    public async Task DeadLetters_RetriedWhenTheReceiverTakesThem_AreDelivered()
    {
        receiver.Fault = context =>
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

        receiver.Fault = null;
        var retried = await Client.RetrySinkDeadLettersAsync(new RetrySinkDeadLettersRequest { Name = "siem" }, cancellationToken: Cancellation);
        await DeadLettersAsync(0);

        Assert.Equal(2, retried.RetryCount);
        Assert.Equal(dead.Select(one => one.EventId), receiver.Ids);
        await RecordedAsync("sink_dead_letters_retry");
    }

    [Fact]
    public async Task Test_Sink_SaysWhetherAnEventArrives()
    {
        var arrived = await Client.TestSinkAsync(new TestSinkRequest { Name = "siem" }, cancellationToken: Cancellation);
        var failed = await Client.TestSinkAsync(new TestSinkRequest { Name = "lost" }, cancellationToken: Cancellation);

        Assert.True(arrived.Delivered, arrived.Failure);
        Assert.Equal("sink_test", (string?)Assert.Single(receiver.Taken)["action"]);
        Assert.False(failed.Delivered);
        Assert.StartsWith("the file could not be written", failed.Failure, StringComparison.Ordinal);
        await RecordedAsync("sink_test");
    }

    [Fact]
    public async Task ListSinks_ReceiverFails_ShowsWhy()
    {
        receiver.Fault = Faults.All["503"];
        await PublishAsync(NewEvent("mine"));

        var sink = await SinkAsync();
        await Eventually.TrueAsync(async () => (sink = await SinkAsync()).FailureCount > 1, Cancellation);

        Assert.Equal(("siem", "webhook", "plain"), (sink.Name, sink.Type, sink.Format));
        Assert.Equal((SinkState.Retrying, "it answered 503"), (sink.State, sink.Failure));
        Assert.NotNull(sink.RetryTime);
    }

    [Fact]
    public async Task EveryRpc_WithoutTheRole_IsDeniedAndThatIsAnEvent()
    {
        var client = new SinkService.SinkServiceClient(Service.As("mallory", ("rbac_scope", "audit:read")));
        foreach (var call in Calls(client, "siem"))
        {
            var exception = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.PermissionDenied, exception.StatusCode);
            Assert.Equal("AUDIT_ERROR_REASON_ROLE_MISSING", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
        }

        var found = await Administrator().SearchEventsAsync(new SearchEventsRequest { Filter = new EventFilter { InitiatedBy = "mallory" } }, cancellationToken: Cancellation);
        Assert.Equal(
            ["sink_read", "sink_pause", "sink_resume", "sink_replay", "sink_dead_letters_read", "sink_dead_letters_retry", "sink_test"],
            found.Events.Select(one => one.Action));
        Assert.All(found.Events, one => Assert.Equal(("denied", "audit"), (one.Result, one.Service)));
    }

    [Fact]
    public async Task EveryRpc_UnknownSink_IsNotFound()
    {
        foreach (var call in Calls(Client, "other").Skip(1))
        {
            var exception = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.NotFound, exception.StatusCode);
            Assert.Equal("There is no sink 'other'. The configuration has siem, lost.", exception.Status.Detail);
        }
    }

    [Fact]
    public async Task Replay_InvalidField_IsRefusedByName()
    {
        var id = Guid.CreateVersion7().ToString();
        (string Field, ReplaySinkRequest Request)[] cases =
        [
            ("start_time", new() { Name = "siem", RequestId = id }),
            ("end_time", new() { Name = "siem", RequestId = id, StartTime = Day.ToTimestamp(), EndTime = Day.ToTimestamp() }),
            ("request_id", new() { Name = "siem", RequestId = "one", StartTime = Day.ToTimestamp() }),
        ];
        foreach (var (field, request) in cases)
        {
            var exception = await Assert.ThrowsAsync<RpcException>(() => Client.ReplaySinkAsync(request, cancellationToken: Cancellation).ResponseAsync);
            Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
            Assert.Equal(field, Assert.Single(exception.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
        }
    }

    private static IEnumerable<Func<Task>> Calls(SinkService.SinkServiceClient client, string name) =>
    [
        () => client.ListSinksAsync(new ListSinksRequest(), cancellationToken: Cancellation).ResponseAsync,
        () => client.PauseSinkAsync(new PauseSinkRequest { Name = name }, cancellationToken: Cancellation).ResponseAsync,
        () => client.ResumeSinkAsync(new ResumeSinkRequest { Name = name }, cancellationToken: Cancellation).ResponseAsync,
        () => client.ReplaySinkAsync(new ReplaySinkRequest { Name = name }, cancellationToken: Cancellation).ResponseAsync,
        () => client.ListSinkDeadLettersAsync(new ListSinkDeadLettersRequest { Name = name }, cancellationToken: Cancellation).ResponseAsync,
        () => client.RetrySinkDeadLettersAsync(new RetrySinkDeadLettersRequest { Name = name }, cancellationToken: Cancellation).ResponseAsync,
        () => client.TestSinkAsync(new TestSinkRequest { Name = name }, cancellationToken: Cancellation).ResponseAsync,
    ];

    private async Task<Sink> SinkAsync() => (await Client.ListSinksAsync(new ListSinksRequest(), cancellationToken: Cancellation)).Sinks[0];

    private Task ReceivedAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(receiver.Taken.Count >= count), Cancellation);

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
