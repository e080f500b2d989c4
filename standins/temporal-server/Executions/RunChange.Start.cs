using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>The beginning of a run.</summary>
internal sealed partial class RunChange
{
    /// <summary>A new run with its first event; the workflow task follows at once, or when its back-off is over.</summary>
    public static RunChange Start(string @namespace, string runId, WorkflowExecutionStartedEventAttributes started, string requestId, DateTimeOffset now, UserMetadata? metadata = null)
    {
        var change = new RunChange(
            new RunState
            {
                Namespace = @namespace,
                WorkflowId = started.WorkflowId,
                RunId = runId,
                Started = started,
                Status = WorkflowExecutionStatus.Running,
                NextEventId = 1,
                StartRequestId = requestId,
                Memo = started.Memo,
                SearchAttributes = started.SearchAttributes,
                UserMetadata = metadata,
            },
            now);
        var state = change.State;
        state.StartTime = change.Now;
        state.FirstTaskTime = change.Later(started.FirstWorkflowTaskBackoff);
        state.FirstTaskPending = true;
        if (started.WorkflowRunTimeout.IsSet())
        {
            state.RunExpiration = state.FirstTaskTime + started.WorkflowRunTimeout;
        }

        if (started.WorkflowExecutionExpirationTime is { } expiration && (state.RunExpiration is null || expiration < state.RunExpiration))
        {
            state.RunExpiration = expiration;
        }

        change.Append(new HistoryEvent { EventType = EventType.WorkflowExecutionStarted, WorkflowExecutionStartedEventAttributes = started, UserMetadata = metadata });
        return change;
    }

    /// <summary>Offers the first workflow task, unless the run starts with a back-off.</summary>
    public RunChange Begin()
    {
        if (!State.Started.FirstWorkflowTaskBackoff.IsSet())
        {
            State.FirstTaskPending = false;
            wake = true;
        }

        return this;
    }

    /// <summary>Tells whether the run has taken a signal under the request id.</summary>
    public bool HasHad(string requestId) => requestId.Length > 0 && State.SignalRequestIds.Contains(requestId);

    /// <summary>Takes a signal; one that was taken before under the same request id changes nothing.</summary>
    public void Signal(WorkflowExecutionSignaledEventAttributes signal)
    {
        if (HasHad(signal.RequestId))
        {
            return;
        }

        if (signal.RequestId.Length > 0)
        {
            State.SignalRequestIds.Add(signal.RequestId);
        }

        State.SignalCount++;
        Hold(new HistoryEvent { EventType = EventType.WorkflowExecutionSignaled, WorkflowExecutionSignaledEventAttributes = signal });
    }

    /// <summary>Asks the run to cancel itself; a second request changes nothing.</summary>
    public void RequestCancel(WorkflowExecutionCancelRequestedEventAttributes request, string requestId)
    {
        if (State.CancelRequested)
        {
            return;
        }

        State.CancelRequested = true;
        State.CancelRequestId = requestId;
        Hold(new HistoryEvent { EventType = EventType.WorkflowExecutionCancelRequested, WorkflowExecutionCancelRequestedEventAttributes = request });
    }

    /// <summary>Forgets which queue is sticky, so that the next task goes to the normal one.</summary>
    public void ResetSticky() => State.StickyQueue = null;
}
