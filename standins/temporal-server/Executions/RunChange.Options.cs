using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Workflow.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Options of a run that change while it goes on.</summary>
internal sealed partial class RunChange
{
    /// <summary>Gives the run another priority, and returns the options it has then; what is the same already changes nothing.</summary>
    public WorkflowExecutionOptions UpdateOptions(WorkflowExecutionOptions asked, string identity)
    {
        if (!Equals(State.Started.Priority, asked.Priority))
        {
            State.Started = WithPriority(State.Started, asked.Priority);
            var updated = new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionOptionsUpdated,
                WorkflowExecutionOptionsUpdatedEventAttributes = new() { Priority = asked.Priority, Identity = identity, UnsetVersioningOverride = true },
            };
            if (State.WorkflowTask is { StartedEventId: > 0 })
            {
                Hold(updated);
            }
            else
            {
                // It is no reason to ask the workflow anything.
                Append(updated);
            }
        }

        return new WorkflowExecutionOptions { Priority = State.Started.Priority };
    }

    /// <summary>The beginning of a run with another priority; the event that it comes from stays as it is.</summary>
    public static WorkflowExecutionStartedEventAttributes WithPriority(WorkflowExecutionStartedEventAttributes started, Priority? priority)
    {
        var changed = started.Clone();
        changed.Priority = priority;
        return changed;
    }
}
