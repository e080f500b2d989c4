using Google.Protobuf;
using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Matching;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Long polls of workers.</summary>
internal sealed partial class WorkflowFrontend
{
    private const int BatchesPerPage = 256;
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(0.5);

    /// <inheritdoc/>
    public override async Task<PollWorkflowTaskQueueResponse> PollWorkflowTaskQueue(PollWorkflowTaskQueueRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        RequireQueue(request.TaskQueue?.Name, "taskQueue is not set");
        using var patience = Patience(context);
        while (await queues.PollAsync(request.Namespace, request.TaskQueue!.Name, workflow: true, request.Identity, patience.Token) is { } queued)
        {
            if (HasLeft(context, request.Namespace, queued))
            {
                break;
            }

            if (queued.Query is not null)
            {
                if (await QueryTaskAsync(queued, request.TaskQueue.Kind == TaskQueueKind.Sticky) is { } query)
                {
                    return query;
                }
            }
            else if (await StartTaskAsync(queued, request) is { } task)
            {
                return task;
            }
        }

        return new PollWorkflowTaskQueueResponse();
    }

    /// <inheritdoc/>
    public override async Task<PollActivityTaskQueueResponse> PollActivityTaskQueue(PollActivityTaskQueueRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        RequireQueue(request.TaskQueue?.Name, "missing task queue name");
        using var patience = Patience(context);
        var pace = queues.Pace(request.Namespace, request.TaskQueue!.Name, workflow: false);
        pace.Set(request.TaskQueueMetadata?.MaxTasksPerSecond);
        while (await queues.PollAsync(request.Namespace, request.TaskQueue.Name, workflow: false, request.Identity, patience.Token) is { } queued)
        {
            if (!await pace.WaitAsync(patience.Token))
            {
                queues.Offer(request.Namespace, queued);
                break;
            }

            if (HasLeft(context, request.Namespace, queued))
            {
                break;
            }

            var dispatch = queued.Dispatch;
            if (await host.GetOpenAsync(queued.RunId) is { } run
                && await host.ApplyAsync(run, change => change.StartActivity(dispatch.ScheduledEventId, dispatch.Attempt, request.Identity, dispatch.Queue))
                && run.State.Activities.TryGetValue(dispatch.ScheduledEventId, out var activity))
            {
                return ActivityTask(run.State, activity);
            }
        }

        return new PollActivityTaskQueueResponse();
    }

    // A task that came just when the worker left is for the next one: started, it would have to time out first.
    private bool HasLeft(ServerCallContext context, string @namespace, QueuedTask queued)
    {
        if (context.CancellationToken.IsCancellationRequested)
        {
            queues.Offer(@namespace, queued);
            return true;
        }

        return false;
    }

    private static void RequireQueue(string? name, string refusal)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw ApiErrors.Invalid(refusal);
        }
    }

    private CancellationTokenSource Patience(ServerCallContext context)
    {
        if (context.Deadline == DateTime.MaxValue)
        {
            throw ApiErrors.Invalid("Context timeout is not set.");
        }

        var left = context.Deadline - machine.GetUtcNow().UtcDateTime;
        if (left < TimeSpan.FromSeconds(2) - TimeSpan.FromMilliseconds(50))
        {
            throw ApiErrors.With(StatusCode.FailedPrecondition, "Context timeout is too short.", null);
        }

        var source = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        source.CancelAfter(UntilDeadline(context, LongestPoll));
        return source;
    }

    // Answered before the deadline, so that nothing is given to a caller who has left.
    private TimeSpan UntilDeadline(ServerCallContext context, TimeSpan most)
    {
        var left = context.Deadline == DateTime.MaxValue ? most : context.Deadline - machine.GetUtcNow().UtcDateTime - TimeSpan.FromSeconds(1);
        return left > most ? most : left < ShortestPoll ? ShortestPoll : left;
    }

    private async Task<PollWorkflowTaskQueueResponse?> StartTaskAsync(QueuedTask queued, PollWorkflowTaskQueueRequest request, bool onward = false)
    {
        var dispatch = queued.Dispatch;
        if (await host.GetOpenAsync(queued.RunId) is not { } run)
        {
            return null;
        }

        var messages = new List<Message>();
        var queries = new Dictionary<string, PendingQuery>();
        var started = await host.ApplyAsync(run, change =>
        {
            if (!change.StartTask(dispatch.ScheduledEventId, dispatch.Attempt, request.Identity))
            {
                return null;
            }

            foreach (var (id, update) in run.Updates.Where(u => !u.Value.Sent && u.Value.Refusal is null && !change.State.Updates.ContainsKey(u.Key)))
            {
                update.Sent = true;
                messages.Add(UpdateMessage(change.State, id, update.Request));
            }

            // What a reset brought along; it travels with each task until a worker has accepted or refused it.
            messages.AddRange(change.State.Updates.Where(u => u.Value is { AcceptedEventId: 0, Request: not null }).Select(u => UpdateMessage(change.State, u.Key, u.Value.Request)));

            foreach (var (id, query) in run.Queries)
            {
                queries[id] = query;
            }

            return change.State;
        });
        if (started is null)
        {
            return null;
        }

        var response = await TaskAsync(run, started, onward || request.TaskQueue.Kind == TaskQueueKind.Sticky);
        response.Messages.AddRange(messages);
        foreach (var (id, query) in queries)
        {
            response.Queries[id] = query.Query;
        }

        return response;
    }

    private static Message UpdateMessage(RunState state, string updateId, Temporalio.Api.Update.V1.Request request) => new()
    {
        Id = $"{updateId}/request",
        ProtocolInstanceId = updateId,
        EventId = state.WorkflowTask.StartedEventId - 1,
        Body = Google.Protobuf.WellKnownTypes.Any.Pack(request),
    };

    private async Task<PollWorkflowTaskQueueResponse> TaskAsync(Run run, RunState state, bool sticky)
    {
        var task = state.WorkflowTask;
        var from = sticky ? state.LastCompletedTaskStartedId + 1 : 1;
        var events = run.EventsFrom(from) ?? await store.HistoryAsync(state.RunId, from, BatchesPerPage);
        events.RemoveAll(e => e.EventId > task.StartedEventId);
        var next = events.Count > 0 ? events[^1].EventId + 1 : from;
        if (next >= state.NextEventId || events.Count == 0)
        {
            events.AddRange(RunChange.UnwrittenEvents(state));
        }

        var response = new PollWorkflowTaskQueueResponse
        {
            TaskToken = new TaskToken
            {
                Namespace = state.Namespace,
                WorkflowId = state.WorkflowId,
                RunId = state.RunId,
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                Attempt = task.Attempt,
                StartedTime = task.StartedTime,
            }.ToByteString(),
            WorkflowExecution = new WorkflowExecution { WorkflowId = state.WorkflowId, RunId = state.RunId },
            WorkflowType = state.Started.WorkflowType,
            PreviousStartedEventId = state.LastCompletedTaskStartedId,
            StartedEventId = task.StartedEventId,
            Attempt = task.Attempt,
            History = new History { Events = { events } },
            WorkflowExecutionTaskQueue = new() { Name = state.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            ScheduledTime = task.ScheduledTime,
            StartedTime = task.StartedTime,
        };
        if (next < state.NextEventId)
        {
            response.NextPageToken = new PageToken(state.RunId, next, task.StartedEventId).Encode();
        }

        return response;
    }

    private static PollActivityTaskQueueResponse ActivityTask(RunState state, Activity activity)
    {
        var asked = activity.Scheduled;
        return new PollActivityTaskQueueResponse
        {
            TaskToken = new TaskToken
            {
                Namespace = state.Namespace,
                WorkflowId = state.WorkflowId,
                RunId = state.RunId,
                ScheduledEventId = activity.ScheduledEventId,
                Attempt = activity.Attempt,
                ActivityId = asked.ActivityId,
                StartedTime = activity.StartedTime,
            }.ToByteString(),
            WorkflowNamespace = state.Namespace,
            WorkflowType = state.Started.WorkflowType,
            WorkflowExecution = new WorkflowExecution { WorkflowId = state.WorkflowId, RunId = state.RunId },
            ActivityType = asked.ActivityType,
            ActivityId = asked.ActivityId,
            Header = asked.Header,
            Input = asked.Input,
            HeartbeatDetails = activity.HeartbeatDetails,
            ScheduledTime = activity.FirstScheduledTime,
            CurrentAttemptScheduledTime = activity.ScheduledTime,
            StartedTime = activity.StartedTime,
            Attempt = activity.Attempt,
            ScheduleToCloseTimeout = asked.ScheduleToCloseTimeout,
            StartToCloseTimeout = asked.StartToCloseTimeout,
            HeartbeatTimeout = asked.HeartbeatTimeout,
            RetryPolicy = asked.RetryPolicy,
            Priority = PriorityRules.Merge(state.Started.Priority, asked.Priority),
        };
    }
}
