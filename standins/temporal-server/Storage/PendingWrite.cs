using Mainstay.TemporalServer.Executions;

namespace Mainstay.TemporalServer.Storage;

/// <summary>A transition on its way to the database, with the run that takes over, and who is told once it is there.</summary>
internal sealed record PendingWrite(Run Run, RunChange Change, Run? Successor, Action Publish)
{
    /// <summary>Completed when the transition is committed and published.</summary>
    public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The database did not take a change, or nobody knows whether it did.</summary>
internal sealed class StoreException(string message, Exception? cause) : Exception(message, cause);
