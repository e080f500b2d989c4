using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Matching;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Worker.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Workers that say what they are and do.</summary>
public sealed class WorkerTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "a", "b", "c")]
    [InlineData("TaskQueue = 'orders'", "a", "b")]
    [InlineData("TaskQueue = 'orders' AND NOT BuildId = '2'", "a")]
    [InlineData("WorkerIdentity STARTS_WITH 'host-b' OR Status = 'ShuttingDown'", "b", "c")]
    [InlineData("HostName IN ('host-a', 'host-c')", "a", "c")]
    [InlineData("StartTime > '2026-05-04T13:00:00Z'", "c")]
    [InlineData("StartTime BETWEEN '2026-05-04T12:00:00Z' AND '2026-05-04T13:00:00Z'", "a", "b")]
    [InlineData("DeploymentName IS NULL", "c")]
    [InlineData("HeartbeatTime IS NOT NULL")]
    public async Task ListWorkers_ByWhatTheySay_FindsThem(string query, params string[] expected)
    {
        using var client = await WithWorkersAsync();
        var found = await client.Service.ListWorkersAsync(new() { Namespace = RawClient.Namespace, Query = query }, cancellationToken: Token);
        Assert.Equal(expected, found.Workers.Select(worker => worker.WorkerInstanceKey));
        Assert.Equal(expected, found.WorkersInfo.Select(worker => worker.WorkerHeartbeat.WorkerInstanceKey));
        Assert.Equal(expected.Length, (await client.Service.CountWorkersAsync(new() { Namespace = RawClient.Namespace, Query = query }, cancellationToken: Token)).Count);
    }

    [Theory]
    [InlineData("Colour = 'red'")]
    [InlineData("StartTime > 'yesterday'")]
    [InlineData("TaskQueue =")]
    public async Task ListWorkers_ByAQueryThatIsWrong_IsRefused(string query)
    {
        using var client = new RawClient(server.Address);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.ListWorkersAsync(new() { Namespace = RawClient.Namespace, Query = query }, cancellationToken: Token));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task ListWorkers_InPages_HasEachOnce()
    {
        using var client = await WithWorkersAsync();
        var first = await client.Service.ListWorkersAsync(new() { Namespace = RawClient.Namespace, PageSize = 2 }, cancellationToken: Token);
        var second = await client.Service.ListWorkersAsync(new() { Namespace = RawClient.Namespace, PageSize = 2, NextPageToken = first.NextPageToken }, cancellationToken: Token);
        Assert.Equal(["a", "b", "c"], first.Workers.Concat(second.Workers).Select(worker => worker.WorkerInstanceKey));
        Assert.True(second.NextPageToken.IsEmpty);
    }

    [Fact]
    public async Task DescribeWorker_UntilItShutsDown_ShowsItsLastWord()
    {
        using var client = new RawClient(server.Address);
        await client.Service.RecordWorkerHeartbeatAsync(new() { Namespace = RawClient.Namespace, WorkerHeartbeat = { Worker("z", "other", "host-z") } }, cancellationToken: Token);
        var described = await client.Service.DescribeWorkerAsync(new() { Namespace = RawClient.Namespace, WorkerInstanceKey = "z" }, cancellationToken: Token);
        Assert.Equal("host-z", described.WorkerInfo.WorkerHeartbeat.HostInfo.HostName);

        await client.Service.ShutdownWorkerAsync(new() { Namespace = RawClient.Namespace, WorkerInstanceKey = "z" }, cancellationToken: Token);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.DescribeWorkerAsync(new() { Namespace = RawClient.Namespace, WorkerInstanceKey = "z" }, cancellationToken: Token));
        Assert.Equal((StatusCode.NotFound, "Worker z not found"), (refusal.StatusCode, refusal.Status.Detail));
    }

    [Fact]
    public void Hear_NothingForALongWhile_ForgetsTheWorker()
    {
        var clock = new SteppedClock();
        var registry = new WorkerRegistry(clock);
        registry.Hear("default", Worker("silent", "orders", "h"));
        clock.Now += TimeSpan.FromMinutes(9);
        registry.Hear("default", Worker("talking", "orders", "h"));
        Assert.Equal(2, registry.All("default").Count());

        clock.Now += TimeSpan.FromMinutes(2);
        Assert.Null(registry.Find("default", "silent"));
        Assert.Equal("talking", Assert.Single(registry.All("default")).WorkerInstanceKey);
    }

    private async Task<RawClient> WithWorkersAsync()
    {
        var client = new RawClient(server.Address);
        var (first, second, third) = (Worker("a", "orders", "host-a"), Worker("b", "orders", "host-b"), Worker("c", "mail", "host-c"));
        (first.DeploymentVersion, second.DeploymentVersion) = (new() { DeploymentName = "shop", BuildId = "1" }, new() { DeploymentName = "shop", BuildId = "2" });
        (third.Status, third.StartTime) = (WorkerStatus.ShuttingDown, Timestamp.FromDateTimeOffset(Noon.AddHours(2)));
        await client.Service.RecordWorkerHeartbeatAsync(new() { Namespace = RawClient.Namespace, WorkerHeartbeat = { third, first, second } }, cancellationToken: Token);
        return client;
    }

    private static WorkerHeartbeat Worker(string key, string queue, string host) => new()
    {
        WorkerInstanceKey = key,
        WorkerIdentity = $"{host}/1",
        HostInfo = new() { HostName = host },
        TaskQueue = queue,
        Status = WorkerStatus.Running,
        StartTime = Timestamp.FromDateTimeOffset(Noon),
    };

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Noon;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
