using Mainstay.Testing;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>What a worker may be told, from end to end.</summary>
public sealed class WorkerOptionsTests(MirrorServer server)
{
    private const int Activities = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MaxActivitiesPerSecond_OfTheWorkerOrTheQueue_HoldsThemBack(bool ofTheQueue)
    {
        const double Rate = 4;
        var queue = $"rate-{ofTheQueue}";
        var client = server.Client;
        var noted = new NotedActivities();
        var options = new TemporalWorkerOptions(queue) { MaxTaskQueueActivitiesPerSecond = ofTheQueue ? Rate : null, MaxActivitiesPerSecond = ofTheQueue ? null : Rate }
            .AddWorkflow<ManyActivitiesWorkflow>().AddAllActivities(noted);
        using var worker = new TemporalWorker(client, options);
        var handle = await client.StartWorkflowAsync((ManyActivitiesWorkflow workflow) => workflow.RunAsync(Activities), new(queue, queue));
        await worker.ExecuteAsync(() => handle.GetResultAsync(), Token);

        // A second's worth, or as many as there are polls, may start at once; a slow machine only stretches the times.
        var events = (await handle.FetchHistoryAsync()).Events;
        var took = events.Where(e => e.ActivityTaskStartedEventAttributes is not null).Max(e => e.EventTime.ToDateTime())
            - events.Where(e => e.ActivityTaskScheduledEventAttributes is not null).Min(e => e.EventTime.ToDateTime());
        Assert.InRange(took, TimeSpan.FromSeconds(1.4), TimeSpan.MaxValue);
        Assert.Equal(Activities, noted.Count);
    }

    [Fact]
    public async Task Activity_ScheduledByItsOwnWorker_ComesWithTheAnswerAndNotByAPoll()
    {
        var client = server.Client;
        var noted = new NotedActivities();
        var options = new TemporalWorkerOptions("eager").AddWorkflow<ManyActivitiesWorkflow>().AddAllActivities(noted);
        using var worker = new TemporalWorker(client, options);
        var handle = await client.StartWorkflowAsync((ManyActivitiesWorkflow workflow) => workflow.RunAsync(2), new("eager", "eager"));
        await worker.ExecuteAsync(() => handle.GetResultAsync(), Token);

        // One that comes with the answer is started in the transition that schedules it, at the same time to the tick.
        var history = await handle.FetchHistoryAsync();
        var scheduled = history.Events.Where(e => e.ActivityTaskScheduledEventAttributes is not null).ToDictionary(e => e.EventId, e => e.EventTime);
        Assert.All(
            history.Events.Where(e => e.ActivityTaskStartedEventAttributes is not null),
            e => Assert.Equal(scheduled[e.ActivityTaskStartedEventAttributes.ScheduledEventId], e.EventTime));
        Assert.Equal(2, noted.Count);
    }

    [Fact]
    public async Task Client_ReplacedWhileTheWorkerRuns_IsUsedFromThenOn()
    {
        await using var first = await EmbeddedTemporal.StartAsync(Token);
        var client = await TemporalClient.ConnectAsync(new(first.Address));
        var successor = server.Client;
        var noted = new NotedActivities();
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("moved").AddWorkflow<ManyActivitiesWorkflow>().AddAllActivities(noted));
        await worker.ExecuteAsync(
            async () =>
            {
                await client.ExecuteWorkflowAsync((ManyActivitiesWorkflow workflow) => workflow.RunAsync(1), new("moved", "moved"));
                worker.Client = successor;

                // Polls that are under way end with the server that they went to.
                await first.KillAsync();
                await successor.ExecuteWorkflowAsync((ManyActivitiesWorkflow workflow) => workflow.RunAsync(2), new("moved", "moved"));
            },
            Token);
        Assert.Equal(3, noted.Count);
    }

    [Fact]
    public async Task BuildId_OfTheWorker_IsKnownToItsWorkflowsAndToReplay()
    {
        var client = server.Client;
        var handle = await client.StartWorkflowAsync((BuildIdWorkflow workflow) => workflow.RunAsync(), new("built", "built"));
        using (var first = new TemporalWorker(client, new TemporalWorkerOptions("built") { BuildId = "one" }.AddWorkflow<BuildIdWorkflow>()))
        {
            await first.ExecuteAsync(() => Eventually.TrueAsync(async () => await handle.QueryAsync(workflow => workflow.Builds) == "one", Token), Token);
        }

        using var second = new TemporalWorker(client, new TemporalWorkerOptions("built") { BuildId = "two" }.AddWorkflow<BuildIdWorkflow>());
        await handle.SignalAsync(workflow => workflow.GoAsync());
        Assert.Equal("one two", await second.ExecuteAsync(() => handle.GetResultAsync(), Token));
        var history = await client.ListWorkflowHistoriesAsync("WorkflowId = 'built'").SingleAsync(Token);
        var replayed = await new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<BuildIdWorkflow>()).ReplayWorkflowAsync(history, throwOnReplayFailure: false, Token);
        Assert.Null(replayed.ReplayFailure);
    }

    /// <summary>Starts a number of activities at once.</summary>
    [Workflow]
    public sealed class ManyActivitiesWorkflow
    {
        [WorkflowRun]
        public Task RunAsync(int count) => Workflow.WhenAllAsync(Enumerable.Range(0, count).Select(
            _ => Workflow.ExecuteActivityAsync((NotedActivities activities) => activities.Note(), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) })));
    }

    /// <summary>Remembers the builds of the workers that executed it.</summary>
    [Workflow]
    public sealed class BuildIdWorkflow
    {
        private bool going;

        [WorkflowQuery]
        public string Builds { get; private set; } = "";

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            Builds = Workflow.CurrentBuildId;
            await Workflow.WaitConditionAsync(() => going);
            return $"{Builds} {Workflow.CurrentBuildId}";
        }

        [WorkflowSignal]
        public Task GoAsync()
        {
            going = true;
            return Task.CompletedTask;
        }
    }

    /// <summary>Counts how often it is executed.</summary>
    public sealed class NotedActivities
    {
        private int count;

        public int Count => count;

        [Activity]
        public void Note() => Interlocked.Increment(ref count);
    }
}
