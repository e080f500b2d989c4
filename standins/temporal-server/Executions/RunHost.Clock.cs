using System.Collections.Concurrent;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Has runs look at the clock, and looks after runs that something went wrong with.</summary>
internal sealed partial class RunHost
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    // Runs with a commit of which nobody knows whether it took place.
    private readonly ConcurrentDictionary<string, bool> uncertain = new();

    /// <summary>Has runs look at the clock when their time comes, until the server stops.</summary>
    public async Task FollowClockAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var runId = await due.NextAsync(cancellationToken);
            _ = LookAtClockAsync(runId);
        }
    }

    private async Task LookAtClockAsync(string runId)
    {
        try
        {
            if (await runs.GetAsync(runId) is not { } run)
            {
                return;
            }

            if (uncertain.TryRemove(runId, out _))
            {
                // A task that a poll took meanwhile is offered once more, which does no harm if it is with a worker.
                Offer(run.State);
                if (run.State.SuccessorRunId.Length > 0)
                {
                    uncertain[run.State.SuccessorRunId] = true;
                    due.Set(run.State.SuccessorRunId, clock.GetUtcNow());
                }
            }

            SendOutbound(run);
            if (RunChange.NextDue(run.State) is not { } next)
            {
                return;
            }

            if (next.ToDateTimeOffset() > clock.GetUtcNow())
            {
                due.Set(runId, next.ToDateTimeOffset());
                return;
            }

            await ApplyAsync(run, change =>
            {
                if (change.State.Status == WorkflowExecutionStatus.Running)
                {
                    var underWay = change.State.WorkflowTask?.StartedTime;
                    change.HandleDue();
                    if (underWay is not null && change.State.WorkflowTask?.StartedTime is null)
                    {
                        run.TakeUpdatesBack();
                    }
                }

                return true;
            });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.ClockFailed(logger, runId, e);
            due.Set(runId, clock.GetUtcNow() + RetryPause);
        }
        finally
        {
            work.End();
        }
    }
}
