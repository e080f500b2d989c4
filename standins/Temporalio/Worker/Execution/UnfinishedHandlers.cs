using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>The handlers of a run that are under way, and the warning when the run ends before they do.</summary>
internal sealed partial class UnfinishedHandlers
{
    private readonly List<(string Kind, string Name, HandlerUnfinishedPolicy Policy)> running = [];

    /// <summary>Runs a handler and counts it as long as it runs.</summary>
    public async Task<T> TrackAsync<T>(string kind, string name, HandlerUnfinishedPolicy policy, Func<Task<T>> handler)
    {
        var entry = (kind, name, policy);
        running.Add(entry);
        try
        {
            return await handler().ConfigureAwait(true);
        }
        finally
        {
            running.Remove(entry);
        }
    }

    /// <summary>Says which handlers the end of the run cuts off; those that may be abandoned are left out.</summary>
    public void Warn(ILogger logger, string workflowId)
    {
        foreach (var kind in running.Where(handler => handler.Policy == HandlerUnfinishedPolicy.WarnAndAbandon).GroupBy(handler => handler.Kind))
        {
            Log.Unfinished(logger, workflowId, kind.Key, string.Join(", ", kind.Select(handler => handler.Name)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "[TMPRL1102] Workflow {Id} finished while {Kind} handlers are still running: {Names}. Wait for them with Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished), or declare them with HandlerUnfinishedPolicy.Abandon")]
        public static partial void Unfinished(ILogger logger, string id, string kind, string names);
    }
}
