using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Activities;
using Temporalio.Worker.Execution.Commands;

namespace Temporalio.Worker.Execution;

/// <summary>Runs the local activities of a task, and says when the task must be extended for them.</summary>
internal sealed class LocalActivityRunner(WorkerContext context, ActivityWorker activities)
{
    /// <summary>Local activities that outlive a task go on under the next.</summary>
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<LocalActivityMachine, Task<LocalActivityResult>> running = [];

    /// <summary>Whether the task's answer must ask for another task at once, because local activities still run.</summary>
    public async Task<bool> RunAsync(WorkflowRun run, PollWorkflowTaskQueueResponse task)
    {
        // From here on by this machine's clock: the server's may be another, or skip time.
        var limit = run.Info.TaskTimeout * 0.8;
        using var budget = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, context.Clock);
        var spent = Polling.CancellationTokenExtensions.WhenCancelledAsync(budget.Token);
        while (run.TaskFailure is null && run.LocalActivities.Any())
        {
            var all = run.LocalActivities.ToDictionary(machine => running.GetValue(machine, started => activities.RunLocalAsync(started, run.Info, task)));
            if (await Task.WhenAny(all.Keys.Append(spent)).ConfigureAwait(false) is not Task<LocalActivityResult> ended || !all.TryGetValue(ended, out var machine))
            {
                return true;
            }

            var result = await ended.ConfigureAwait(false);
            run.CloseLocalActivity(machine.Sequence, result.Outcome, result.Attempt, result.CompleteTime);
        }

        return false;
    }
}

/// <summary>How a local activity ended.</summary>
internal sealed record LocalActivityResult(ActivityOutcome Outcome, int Attempt, DateTime CompleteTime);
