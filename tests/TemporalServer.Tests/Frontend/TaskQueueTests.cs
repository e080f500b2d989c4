using Mainstay.Testing;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Task queues, as the command line and autoscalers ask for them.</summary>
public sealed class TaskQueueTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DescribeTaskQueue_Enhanced_ShowsPollersAndBacklogOfEachType()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("first", "described", Token);
        await client.StartAsync("second", "described", Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var polling = client.Service.PollActivityTaskQueueAsync(
            new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = "described" }, Identity = "hand" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1), cancellationToken: enough.Token).ResponseAsync;

        await Eventually.TrueAsync(async () => (await DescribeAsync(client))[(int)TaskQueueType.Activity].Pollers.Count > 0, Token);
        var types = await DescribeAsync(client);
        Assert.Equal("hand", Assert.Single(types[(int)TaskQueueType.Activity].Pollers).Identity);
        Assert.Equal(0, types[(int)TaskQueueType.Activity].Stats.ApproximateBacklogCount);
        Assert.Empty(types[(int)TaskQueueType.Workflow].Pollers);
        Assert.Equal(2, types[(int)TaskQueueType.Workflow].Stats.ApproximateBacklogCount);
        Assert.NotEqual(TimeSpan.Zero, types[(int)TaskQueueType.Workflow].Stats.ApproximateBacklogAge.ToTimeSpan());
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => polling);
    }

    private static async Task<IDictionary<int, TaskQueueTypeInfo>> DescribeAsync(RawClient client) => Assert.Single((await client.Service.DescribeTaskQueueAsync(
        new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = "described" }, ApiMode = DescribeTaskQueueMode.Enhanced, ReportPollers = true, ReportStats = true }, cancellationToken: Token)).VersionsInfo).Value.TypesInfo;
}
