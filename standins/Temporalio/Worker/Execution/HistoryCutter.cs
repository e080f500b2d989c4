namespace Temporalio.Worker.Execution;

/// <summary>Cuts history into what each completed workflow task saw.</summary>
internal static class HistoryCutter
{
    /// <param name="events">Events from the first that the run has not seen.</param>
    /// <param name="lastStartedId">The start of the last task that the run has handled; 0 for none.</param>
    public static IEnumerable<Stretch> Cut(IReadOnlyList<HistoryEvent> events, long lastStartedId)
    {
        List<HistoryEvent> confirmations = [], inputs = [], ahead = [];
        HistoryEvent? started = null, finished = null;
        List<HistoryEvent> finishedInputs = [];
        string? reseed = null, finishedReseed = null;
        WorkerDeploymentVersion? version = null;
        foreach (var historyEvent in events)
        {
            switch (historyEvent.EventType)
            {
                case EventType.WorkflowTaskStarted:
                    started = historyEvent;
                    break;
                case EventType.WorkflowTaskCompleted when historyEvent.WorkflowTaskCompletedEventAttributes.StartedEventId <= lastStartedId:
                    // The answer to a task that the run has handled: what follows confirms its commands.
                    break;
                case EventType.WorkflowTaskCompleted:
                    if (finished is not null)
                    {
                        yield return new(confirmations, finished, finishedInputs, ahead, false, finishedReseed) { Version = version };
                    }

                    (confirmations, ahead) = (ahead, []);
                    (finished, finishedInputs, finishedReseed) = (started, inputs, reseed);
                    (started, inputs, reseed) = (null, [], null);
                    version = WorkerVersion.Of(historyEvent.WorkflowTaskCompletedEventAttributes);
                    break;
                case EventType.WorkflowTaskFailed:
                    started = null;
                    var failed = historyEvent.WorkflowTaskFailedEventAttributes;
                    reseed = failed.Cause == WorkflowTaskFailedCause.ResetWorkflow ? failed.NewRunId : reseed;
                    break;
                case EventType.WorkflowTaskTimedOut:
                    started = null;
                    break;
                case EventType.WorkflowTaskScheduled:
                    break;
                default:
                    (CommandEvents.Contains(historyEvent.EventType) ? ahead : inputs).Add(historyEvent);
                    break;
            }
        }

        if (finished is not null)
        {
            yield return new(confirmations, finished, finishedInputs, ahead, false, finishedReseed) { Version = version };
        }

        yield return new(ahead, started, started is null ? [] : inputs, [], started is not null, reseed);
    }
}
