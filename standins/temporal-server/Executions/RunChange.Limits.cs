using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>How much a run may have: a history that has grown too large ends the run, a command too many fails the workflow task.</summary>
internal sealed partial class RunChange
{
    /// <summary>How many signals a run takes.</summary>
    public const int MostSignals = 10_000;

    private const int MostPending = 2000;
    private const int MostEvents = 50 * 1024;
    private const long MostBytes = 50 * 1024 * 1024;

    private static void CheckPending(int pending, string what, WorkflowTaskFailedCause cause)
    {
        if (pending >= MostPending)
        {
            throw new BadCommandException(cause, $"{cause}: the number of {what}, {pending}, has reached the per-workflow limit of {MostPending}");
        }
    }

    private void EndIfTooLarge()
    {
        if (State.NextEventId - 1 > MostEvents)
        {
            Terminate("Workflow history count exceeds limit.", null, "history-service");
        }
        else if (State.HistoryBytes > MostBytes)
        {
            Terminate("Workflow history size exceeds limit.", null, "history-service");
        }
    }
}
