using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Tests.Execution;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Worker;

/// <summary>Workflows on a worker that keeps none in memory: each task replays all that was before.</summary>
public sealed class ReplayTests(MirrorServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workflow_ReplayedWithEachTask_LogsNothingTwiceAndDrawsTheSameAgain()
    {
        var notes = new Notes();
        var handle = await server.Client.StartWorkflowAsync((DrawingWorkflow workflow) => workflow.RunAsync(), new("drawing", "drawing"));
        var options = new TemporalWorkerOptions("drawing") { MaxCachedWorkflows = 0, LoggerFactory = notes }.AddWorkflow<DrawingWorkflow>();
        using var worker = new TemporalWorker(server.Client, options);
        var (early, late) = await worker.ExecuteAsync(
            async () =>
            {
                var first = await handle.QueryAsync(workflow => workflow.Drawn);
                await handle.SignalAsync(workflow => workflow.GoOnAsync());
                return (first, await handle.GetResultAsync());
            },
            Token);

        Assert.Equal(early, late[..early.Length]);
        Assert.Equal(2 * early.Length, late.Length);
        Assert.Equal(["began", "went on", "ended"], notes.Written.Where(line => line is "began" or "went on" or "ended"));
    }

    [Fact]
    public async Task Locks_ReplayedWithEachTask_LetOneAtATimeInTheirTurn()
    {
        var options = new TemporalWorkerOptions("locking") { MaxCachedWorkflows = 0 }.AddWorkflow<LockingWorkflow>();
        using var worker = new TemporalWorker(server.Client, options);
        var turns = await worker.ExecuteAsync(() => server.Client.ExecuteWorkflowAsync((LockingWorkflow workflow) => workflow.RunAsync(), new("locking", "locking")), Token);
        Assert.Equal(["0 in", "0 out", "1 in", "1 out", "2 in", "2 out", "too late"], turns);
    }

    /// <summary>Takes of everything that must not change: numbers, ids and times, before a signal and after it.</summary>
    [Workflow]
    public sealed class DrawingWorkflow
    {
        private readonly List<string> drawn = [];
        private bool goesOn;

        [WorkflowQuery]
        public string[] Drawn => [.. drawn];

        [WorkflowRun]
        public async Task<string[]> RunAsync()
        {
            Workflow.Logger.LogInformation("began");
            Draw();
            await Workflow.WaitConditionAsync(() => goesOn);
            Workflow.Logger.LogInformation("went on");
            Draw();
            await Workflow.DelayAsync(TimeSpan.FromMilliseconds(1));
            Workflow.Logger.LogInformation("ended");
            return Drawn;
        }

        [WorkflowSignal]
        public Task GoOnAsync()
        {
            goesOn = true;
            return Task.CompletedTask;
        }

        private void Draw() => drawn.AddRange([$"{Workflow.Random.Next()}", $"{Workflow.NewGuid()}", $"{Workflow.UtcNow:O}"]);
    }

    /// <summary>Has three tasks ask for one mutex, and a fourth that does not wait long enough for it.</summary>
    [Workflow]
    public sealed class LockingWorkflow
    {
        [WorkflowRun]
        public async Task<List<string>> RunAsync()
        {
            var (turns, mutex) = (new List<string>(), new Temporalio.Workflows.Mutex());
            await Workflow.WhenAllAsync(Enumerable.Range(0, 3).Select(async number =>
            {
                await mutex.WaitOneAsync();
                turns.Add($"{number} in");
                await Workflow.DelayAsync(TimeSpan.FromMilliseconds(1));
                turns.Add($"{number} out");
                mutex.ReleaseMutex();
            }));
            await mutex.WaitOneAsync();
            turns.Add(await mutex.WaitOneAsync(TimeSpan.FromMilliseconds(1)) ? "in time" : "too late");
            return turns;
        }
    }
}
