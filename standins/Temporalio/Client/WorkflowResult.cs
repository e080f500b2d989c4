namespace Temporalio.Client;

/// <summary>Waits for close events and turns them into results and exceptions.</summary>
internal static class WorkflowResult
{
    public static async Task<TResult> WaitAsync<TResult>(WorkflowHandle handle, bool followRuns, RpcOptions? rpcOptions)
    {
        var converter = handle.Client.Options.DataConverter;
        var runId = handle.ResultRunId;
        while (true)
        {
            var close = await CloseEventAsync(handle, runId, rpcOptions).ConfigureAwait(false);
            string next;
            switch (close.EventType)
            {
                case EventType.WorkflowExecutionCompleted:
                    var completed = close.WorkflowExecutionCompletedEventAttributes;
                    if (!followRuns || completed.NewExecutionRunId.Length == 0)
                    {
                        return await ValueAsync<TResult>(converter, completed.Result).ConfigureAwait(false);
                    }

                    next = completed.NewExecutionRunId;
                    break;
                case EventType.WorkflowExecutionFailed:
                    var failed = close.WorkflowExecutionFailedEventAttributes;
                    next = followRuns && failed.NewExecutionRunId.Length > 0
                        ? failed.NewExecutionRunId
                        : throw new WorkflowFailedException(await converter.ToExceptionAsync(failed.Failure).ConfigureAwait(false));
                    break;
                case EventType.WorkflowExecutionTimedOut:
                    var timedOut = close.WorkflowExecutionTimedOutEventAttributes;
                    next = followRuns && timedOut.NewExecutionRunId.Length > 0
                        ? timedOut.NewExecutionRunId
                        : throw new WorkflowFailedException(new TimeoutFailureException(
                            new() { Message = "Workflow timed out", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } }, null, converter.PayloadConverter));
                    break;
                case EventType.WorkflowExecutionCanceled:
                    var details = close.WorkflowExecutionCanceledEventAttributes.Details;
                    throw new WorkflowFailedException(await converter.ToExceptionAsync(
                        new() { Message = "Workflow cancelled", CanceledFailureInfo = new() { Details = details } }).ConfigureAwait(false));
                case EventType.WorkflowExecutionTerminated:
                    var reason = close.WorkflowExecutionTerminatedEventAttributes.Reason;
                    throw new WorkflowFailedException(new TerminatedFailureException(
                        new() { Message = reason.Length == 0 ? "Workflow terminated" : reason, TerminatedFailureInfo = new() },
                        null,
                        new InboundFailureDetails(converter.PayloadConverter, close.WorkflowExecutionTerminatedEventAttributes.Details?.Payloads_)));
                case EventType.WorkflowExecutionContinuedAsNew:
                    next = close.WorkflowExecutionContinuedAsNewEventAttributes.NewExecutionRunId;
                    if (!followRuns)
                    {
                        throw new WorkflowContinuedAsNewException(next);
                    }

                    break;
                default:
                    throw new InvalidOperationException($"Unexpected close event {close.EventType}");
            }

            runId = next;
        }
    }

    public static async Task<TResult> ValueAsync<TResult>(DataConverter converter, Payloads? payloads) =>
        typeof(TResult) == typeof(ValueTuple) || payloads is null || payloads.Payloads_.Count == 0
            ? default!
            : await converter.ToSingleValueAsync<TResult>(payloads.Payloads_).ConfigureAwait(false);

    private static async Task<HistoryEvent> CloseEventAsync(WorkflowHandle handle, string? runId, RpcOptions? rpcOptions)
    {
        byte[]? token = null;
        while (true)
        {
            var page = await handle.Client.OutboundInterceptor.FetchWorkflowHistoryEventPageAsync(
                new(handle.Id, runId, null, token, true, HistoryEventFilterType.CloseEvent, true, rpcOptions)).ConfigureAwait(false);
            if (page.Events.Count > 0)
            {
                return page.Events.Last();
            }

            token = page.NextPageToken;
        }
    }
}
