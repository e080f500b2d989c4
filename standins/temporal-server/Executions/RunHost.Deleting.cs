using Mainstay.TemporalServer.Storage;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Deletion of runs.</summary>
internal sealed partial class RunHost
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(20);

    /// <summary>Deletes a run with its history: an open one is terminated, and what it has still to tell others is told, before it goes.</summary>
    public async Task DeleteAsync(Run run)
    {
        await ApplyAsync(run, change =>
        {
            if (change.State.Status != WorkflowExecutionStatus.Running)
            {
                return false;
            }

            change.Terminate("Delete workflow execution", null, "history-service");
            return true;
        });
        var began = clock.GetTimestamp();
        for (var changed = run.Changed; run.State.Outbound.Count > 0; changed = run.Changed)
        {
            if (clock.GetElapsedTime(began) > LongestFarewell)
            {
                throw new StoreException("The run still tells others of its end.", null);
            }

            await changed.WaitAsync(LongestFarewell, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await store.DeleteRunAsync(run.State.RunId);
    }
}
