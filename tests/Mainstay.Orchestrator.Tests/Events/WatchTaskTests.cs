using Grpc.Core;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Tests.Events;

public sealed class WatchTaskTests(OrchestratorFixture orchestrator)
{
    [Fact]
    public async Task WatchTask_AfterASequence_GivesWhatFollows()
    {
        var team = await orchestrator.TeamAsync("answer");
        var (task, events) = await team.RunAsync();

        var rest = await team.WatchAsync(task.TaskId, after: 3);

        Assert.Equal(events.Skip(3), rest);
        Assert.Empty(await team.WatchAsync(task.TaskId, after: events.Count));
    }

    [Fact]
    public async Task WatchTask_SeveralWatchers_AllSeeTheSame()
    {
        var team = await orchestrator.TeamAsync("read");
        var taskId = await team.StartAsync();

        var seen = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => team.WatchAsync(taskId)));

        Assert.All(seen, events => Assert.Equal(seen[0], events));
    }

    [Fact]
    public async Task WatchTask_UnknownTask_IsRefused()
    {
        var team = await orchestrator.TeamAsync("answer");

        var refusal = await Assert.ThrowsAsync<RpcException>(() => team.WatchAsync("task-none"));

        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }
}
