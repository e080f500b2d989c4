using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Reading histories.</summary>
internal sealed partial class WorkflowFrontend
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public override async Task<GetWorkflowExecutionHistoryResponse> GetWorkflowExecutionHistory(GetWorkflowExecutionHistoryRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Namespace, request.Execution);
        var token = request.NextPageToken.IsEmpty ? new PageToken(run.State.RunId, 1) : PageToken.Decode(request.NextPageToken);
        run = await OfTokenAsync(run, token);

        var closing = request.HistoryEventFilterType == HistoryEventFilterType.CloseEvent;
        var response = new GetWorkflowExecutionHistoryResponse { History = new() };
        if (closing || request.WaitNewEvent)
        {
            await WaitAsync(run, state => closing ? state.Status != WorkflowExecutionStatus.Running : state.NextEventId > token.Next || state.Status != WorkflowExecutionStatus.Running, context.CancellationToken, UntilDeadline(context, LongPoll));
        }

        var state = run.State;
        if (closing)
        {
            if (state.Status != WorkflowExecutionStatus.Running)
            {
                response.History.Events.Add(state.CloseEvent);
            }
            else if (request.WaitNewEvent)
            {
                response.NextPageToken = token.Encode();
            }

            return response;
        }

        var events = await store.HistoryAsync(state.RunId, token.Next, request.MaximumPageSize > 0 ? Math.Min(request.MaximumPageSize, BatchesPerPage) : BatchesPerPage);
        events.RemoveAll(e => e.EventId >= state.NextEventId || (token.Until > 0 && e.EventId > token.Until));
        response.History.Events.AddRange(events);
        var next = events.Count > 0 ? events[^1].EventId + 1 : token.Next;
        var more = next < (token.Until > 0 ? Math.Min(state.NextEventId, token.Until + 1) : state.NextEventId);
        if (token.Until > 0 && !more)
        {
            response.History.Events.AddRange(RunChange.UnwrittenEvents(state).Where(e => e.EventId <= token.Until));
        }

        if (more || (request.WaitNewEvent && state.Status == WorkflowExecutionStatus.Running))
        {
            response.NextPageToken = (token with { Next = next }).Encode();
        }

        return response;
    }

    /// <inheritdoc/>
    public override async Task<GetWorkflowExecutionHistoryReverseResponse> GetWorkflowExecutionHistoryReverse(GetWorkflowExecutionHistoryReverseRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Namespace, request.Execution);
        var token = request.NextPageToken.IsEmpty ? new PageToken(run.State.RunId, run.State.NextEventId - 1) : PageToken.Decode(request.NextPageToken);
        await OfTokenAsync(run, token);
        var events = await store.HistoryAsync(token.RunId, token.Next, request.MaximumPageSize > 0 ? Math.Min(request.MaximumPageSize, BatchesPerPage) : BatchesPerPage, reverse: true);
        var response = new GetWorkflowExecutionHistoryReverseResponse { History = new() { Events = { events } } };
        if (events.Count > 0 && events[^1].EventId > 1)
        {
            response.NextPageToken = (token with { Next = events[^1].EventId - 1 }).Encode();
        }

        return response;
    }

    // Pages go on in the run they began with, which has to be one of the workflow that is asked for.
    private async Task<Run> OfTokenAsync(Run asked, PageToken token) => token.RunId == asked.State.RunId ? asked
        : await host.FindAsync(asked.State.Namespace, asked.State.WorkflowId, token.RunId) ?? throw ApiErrors.Invalid("Invalid NextPageToken.");

    // Until the condition holds or the long poll is over; which of them is for the caller to see in the state.
    private async Task WaitAsync(Run run, Func<RunState, bool> holds, CancellationToken cancellationToken, TimeSpan? most = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(most ?? LongPoll);
        while (true)
        {
            var changed = run.Changed;
            if (holds(run.State) || patience.IsCancellationRequested)
            {
                return;
            }

            if (run.Broken)
            {
                throw new StoreException("The run is being read again.", null);
            }

            await Task.WhenAny(changed, Task.Delay(Timeout.Infinite, patience.Token));
        }
    }
}
