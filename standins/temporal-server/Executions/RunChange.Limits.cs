using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>How much a run may have: a history that has grown too large ends the run, a command too many fails the workflow task.</summary>
internal sealed partial class RunChange
{
    /// <summary>How many updates a run takes that are not rejected.</summary>
    public const int MostUpdates = 2000;

    private const int MostSignals = 10_000;
    private const int MostPending = 2000;
    private const int MostEvents = 50 * 1024;
    private const long MostBytes = 50 * 1024 * 1024;
    private const int ManyEvents = 4 * 1024;
    private const int ManyBytes = 4 * 1024 * 1024;
    private const int ManyUpdates = MostUpdates * 9 / 10;

    /// <summary>Tells whether the run may have one more signal.</summary>
    public bool HasRoomForSignal => State.SignalCount < MostSignals;

    private static void CheckPending(int pending, string what, WorkflowTaskFailedCause cause)
    {
        if (pending >= MostPending)
        {
            throw new BadCommandException(cause, $"{cause}: the number of {what}, {pending}, has reached the per-workflow limit of {MostPending}");
        }
    }

    // Asked before the started event is written: its id is the next one.
    private IEnumerable<SuggestContinueAsNewReason> ReasonsToContinueAsNew()
    {
        if (State.HistoryBytes >= ManyBytes)
        {
            yield return SuggestContinueAsNewReason.HistorySizeTooLarge;
        }

        if (State.NextEventId >= ManyEvents)
        {
            yield return SuggestContinueAsNewReason.TooManyHistoryEvents;
        }

        if (State.Updates.Count >= ManyUpdates)
        {
            yield return SuggestContinueAsNewReason.TooManyUpdates;
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
