using Google.Protobuf;
using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Matching;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Queries: with a workflow task that is due anyway, else with a task of their own.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<QueryWorkflowResponse> QueryWorkflow(QueryWorkflowRequest request, ServerCallContext context)
    {
        if (request.Query is null)
        {
            throw ApiErrors.Invalid("WorkflowQuery is not set on request.");
        }

        Limits.Check(request.Query.QueryArgs);

        var run = await FindAsync(request.Namespace, request.Execution);
        var status = run.State.Status;
        if ((request.QueryRejectCondition == QueryRejectCondition.NotOpen && status != WorkflowExecutionStatus.Running)
            || (request.QueryRejectCondition == QueryRejectCondition.NotCompletedCleanly && status is not (WorkflowExecutionStatus.Running or WorkflowExecutionStatus.Completed)))
        {
            return new QueryWorkflowResponse { QueryRejected = new() { Status = status } };
        }

        var query = new PendingQuery(Guid.CreateVersion7(clock.GetUtcNow()).ToString(), request.Query);
        using var step = work.Begin();
        board.Pending[query.Id] = query;
        try
        {
            Offer(run, query);
            var answer = await query.Answer.Task.WaitAsync(TimeSpan.FromSeconds(30), machine, context.CancellationToken);
            return answer.CompletedType == QueryResultType.Answered
                ? new QueryWorkflowResponse { QueryResult = answer.QueryResult }
                : throw ApiErrors.With(StatusCode.InvalidArgument, answer.ErrorMessage, new QueryFailedFailure { Failure = answer.Failure });
        }
        catch (TimeoutException)
        {
            throw ApiErrors.With(StatusCode.DeadlineExceeded, "context deadline exceeded", null);
        }
        finally
        {
            board.Pending.TryRemove(query.Id, out _);
            run.Queries.TryRemove(query.Id, out _);
        }
    }

    /// <inheritdoc/>
    public override Task<RespondQueryTaskCompletedResponse> RespondQueryTaskCompleted(RespondQueryTaskCompletedRequest request, ServerCallContext context)
    {
        if (!board.Pending.TryGetValue(Token(request.TaskToken, request.Namespace).QueryId, out var query))
        {
            throw ApiErrors.NotFound("query task not found, or already expired");
        }

        query.Answer.TrySetResult(request);
        return Task.FromResult(new RespondQueryTaskCompletedResponse());
    }

    private void Offer(Run run, PendingQuery query)
    {
        lock (run.Gate)
        {
            var state = run.Latest;
            if (state.Status == WorkflowExecutionStatus.Running && (state.WorkflowTask is not null || state.LastCompletedTaskStartedId == 0))
            {
                run.Queries[query.Id] = query;
                return;
            }
        }

        Direct(run.State, query);
    }

    private void Direct(RunState state, PendingQuery query)
    {
        var sticky = state.StickyQueue is { Name.Length: > 0 };
        var normal = state.Started.TaskQueue.Name;
        queues.Offer(state.Namespace, new QueuedTask(state.RunId, new TaskDispatch(true, sticky ? state.StickyQueue.Name : normal, sticky, 0, 0, normal), query));
    }

    // Called once a workflow task is completed: what travelled with it is answered, what came later goes on its own.
    private void AnswerQueries(Run run, RespondWorkflowTaskCompletedRequest request)
    {
        lock (run.Gate)
        {
            foreach (var (id, query) in run.Queries)
            {
                if (request.QueryResults.TryGetValue(id, out var result))
                {
                    query.Answer.TrySetResult(new RespondQueryTaskCompletedRequest
                    {
                        CompletedType = result.ResultType,
                        QueryResult = result.Answer,
                        ErrorMessage = result.ErrorMessage,
                        Failure = result.Failure,
                    });
                    run.Queries.TryRemove(id, out _);
                }
                else if (run.Latest.WorkflowTask is null)
                {
                    run.Queries.TryRemove(id, out _);
                    Direct(run.State, query);
                }
            }
        }
    }

    private async Task<PollWorkflowTaskQueueResponse?> QueryTaskAsync(QueuedTask queued, bool sticky)
    {
        if (!board.Pending.ContainsKey(queued.Query!.Id) || await host.GetAnyAsync(queued.RunId) is not { } run)
        {
            return null;
        }

        var state = run.State;
        var events = sticky ? [] : await store.HistoryAsync(state.RunId, 1, BatchesPerPage);
        var response = new PollWorkflowTaskQueueResponse
        {
            TaskToken = new TaskToken { Namespace = state.Namespace, QueryId = queued.Query.Id }.ToByteString(),
            WorkflowExecution = new WorkflowExecution { WorkflowId = state.WorkflowId, RunId = state.RunId },
            WorkflowType = state.Started.WorkflowType,
            PreviousStartedEventId = state.LastCompletedTaskStartedId,
            History = new History { Events = { events } },
            WorkflowExecutionTaskQueue = new() { Name = state.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Query = queued.Query.Query,
        };
        if (events.Count > 0 && events[^1].EventId + 1 < state.NextEventId)
        {
            response.NextPageToken = new PageToken(state.RunId, events[^1].EventId + 1).Encode();
        }

        return response;
    }
}
