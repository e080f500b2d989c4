using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Tests.Sinks.Control;

public sealed class SinkAccessTests(ForwardingFixture sinks) : IClassFixture<ForwardingFixture>
{
    private static readonly DateTime Day = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SinkService.SinkServiceClient Client => new(sinks.Service.As("root", ("role", "admin")));

    [Fact]
    public async Task EveryRpc_WithoutTheRole_IsDeniedAndThatIsAnEvent()
    {
        var client = new SinkService.SinkServiceClient(sinks.Service.As("mallory", ("rbac_scope", "audit:read")));
        foreach (var call in Calls(client, "siem"))
        {
            var exception = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.PermissionDenied, exception.StatusCode);
            Assert.Equal("AUDIT_ERROR_REASON_ROLE_MISSING", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
        }

        var found = await sinks.Administrator().SearchEventsAsync(new SearchEventsRequest { Filter = new EventFilter { InitiatedBy = "mallory" } }, cancellationToken: Cancellation);
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
}
