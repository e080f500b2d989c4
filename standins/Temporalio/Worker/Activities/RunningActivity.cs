using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;

namespace Temporalio.Worker.Activities;

/// <summary>One attempt of an activity, from its task to its answer.</summary>
internal sealed partial class RunningActivity : IDisposable
{
    private static readonly RpcOptions Retried = new() { Retry = true };

    private readonly WorkerContext context;
    private readonly ActivityWorker worker;
    private readonly PollActivityTaskQueueResponse task;
    private readonly CancellationTokenSource cancellation = new();
    private readonly Heartbeats heartbeats;
    private ActivityCancelReason reason;
    private ActivityCancellationDetails? cancellationDetails;

    public RunningActivity(WorkerContext context, ActivityWorker worker, PollActivityTaskQueueResponse task)
    {
        this.context = context;
        this.worker = worker;
        this.task = task;
        heartbeats = new(context, task, Cancel);
    }

    /// <summary>Cancels the attempt; the first reason stands.</summary>
    public void Cancel(ActivityCancelReason cancelReason, ActivityCancellationDetails details)
    {
        if (Interlocked.CompareExchange(ref cancellationDetails, details, null) is null)
        {
            reason = cancelReason;
            cancellation.Cancel();
        }
    }

    public async Task RunAsync()
    {
        IMessage reply;
        var metrics = context.Metrics.With("activity_type", task.ActivityType.Name).With("workflow_type", task.WorkflowType?.Name ?? string.Empty);
        var started = context.Clock.GetTimestamp();
        metrics.Record("activity_schedule_to_start_latency", (task.StartedTime ?? task.ScheduledTime).ToDateTimeOffset() - (task.CurrentAttemptScheduledTime ?? task.ScheduledTime).ToDateTimeOffset());
        try
        {
            using var timeout = StartTimeout();
            var result = await context.Options.ActivityTaskFactory.StartNew(ExecuteAsync).Unwrap().ConfigureAwait(false);
            reply = new RespondActivityTaskCompletedRequest { Result = new() { Payloads_ = { await context.Converter.ToPayloadAsync(result).ConfigureAwait(false) } } };
            await context.PayloadLimits.CheckAsync(reply).ConfigureAwait(false);
        }
        catch (CompleteAsyncException)
        {
            await heartbeats.StopAsync().ConfigureAwait(false);
            return;
        }
        catch (Exception e) when (reason is ActivityCancelReason.GoneFromServer)
        {
            Log.Abandoned(context.Logger, task.ActivityType.Name, task.ActivityId, e);
            await heartbeats.StopAsync().ConfigureAwait(false);
            return;
        }
        catch (Exception e) when (reason is ActivityCancelReason.CancelRequested && TemporalException.IsCanceledException(e))
        {
            reply = new RespondActivityTaskCanceledRequest();
        }
        catch (Exception e)
        {
            Log.Failed(context.Logger, task.ActivityType.Name, task.ActivityId, task.Attempt, e);
            metrics.Count("activity_execution_failed");
            reply = new RespondActivityTaskFailedRequest { Failure = await context.Converter.ToFailureAsync(ShutdownOr(e)).ConfigureAwait(false) };
        }

        metrics.Record("activity_execution_latency", context.Clock.GetElapsedTime(started));
        if (reply is RespondActivityTaskCompletedRequest)
        {
            metrics.Record("activity_succeed_endtoend_latency", context.Clock.GetUtcNow() - task.ScheduledTime.ToDateTimeOffset());
        }

        await heartbeats.StopAsync().ConfigureAwait(false);
        await ReplyAsync(reply).ConfigureAwait(false);
    }

    public void Dispose()
    {
        heartbeats.Dispose();
        cancellation.Dispose();
    }

    private CancellationTokenSource? StartTimeout()
    {
        var limit = new[] { task.StartToCloseTimeout, task.ScheduleToCloseTimeout }
            .Select(time => time?.ToTimeSpan() ?? TimeSpan.Zero).Where(time => time > TimeSpan.Zero).DefaultIfEmpty(TimeSpan.Zero).Min();
        if (limit == TimeSpan.Zero || limit > TimeSpan.FromDays(40))
        {
            return null;
        }

        // The server has given the attempt up by then: nobody waits for its result.
        var timeout = new CancellationTokenSource(limit, context.Clock);
        timeout.Token.Register(() => Cancel(ActivityCancelReason.Timeout, new() { IsTimedOut = true }));
        return timeout;
    }

    private async Task<object?> ExecuteAsync()
    {
        var definition = worker.Find(task.ActivityType.Name);
        var info = ActivityTaskReader.Info(context, task);
        var execution = new ActivityExecutionContext(
            info,
            new ScopedLogger(context.Options.LoggerFactory!.CreateLogger($"Temporalio.Activity:{info.ActivityType}"), info.LoggerScope),
            context.Converter.PayloadConverter,
            context.Client,
            () => reason,
            () => cancellationDetails,
            cancellation.Token,
            worker.ShutdownToken,
            context.Meter("activity_type", info.ActivityType));
        ActivityExecutionContext.Enter(execution);
        var arguments = await ActivityTaskReader.ArgumentsAsync(context.Converter, definition, task.ActivityType.Name, task.Input?.Payloads_ ?? []).ConfigureAwait(false);
        var headers = await ActivityTaskReader.HeadersAsync(context.Converter, task.Header?.Fields).ConfigureAwait(false);
        return await ActivityInvocation.RunAsync(context, execution, heartbeats.Record, new(definition, arguments, headers)).ConfigureAwait(false);
    }

    private Exception ShutdownOr(Exception e) => reason == ActivityCancelReason.WorkerShutdown && TemporalException.IsCanceledException(e)
        ? new ApplicationFailureException("Activity cancelled: the worker is shutting down", e, errorType: "WorkerShutdown")
        : e;

    private async Task ReplyAsync(IMessage reply)
    {
        try
        {
            switch (reply)
            {
                case RespondActivityTaskCompletedRequest completed:
                    (completed.Namespace, completed.TaskToken, completed.Identity) = (context.Namespace, task.TaskToken, context.Identity);
                    completed.Mark(context.Options);
                    await context.Service.RespondActivityTaskCompletedAsync(completed, Retried).ConfigureAwait(false);
                    break;
                case RespondActivityTaskCanceledRequest cancelled:
                    (cancelled.Namespace, cancelled.TaskToken, cancelled.Identity) = (context.Namespace, task.TaskToken, context.Identity);
                    cancelled.Mark(context.Options);
                    await context.Service.RespondActivityTaskCanceledAsync(cancelled, Retried).ConfigureAwait(false);
                    break;
                case RespondActivityTaskFailedRequest failed:
                    (failed.Namespace, failed.TaskToken, failed.Identity) = (context.Namespace, task.TaskToken, context.Identity);
                    failed.Mark(context.Options);
                    await AddDetailsAsync(failed).ConfigureAwait(false);
                    await context.Service.RespondActivityTaskFailedAsync(failed, Retried).ConfigureAwait(false);
                    break;
            }
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            // Timed out, or its workflow closed, in the meantime.
            Log.NotWaitedFor(context.Logger, task.ActivityType.Name, task.ActivityId, e);
        }
    }

    // With details that are too large the server would refuse the whole answer.
    private async Task AddDetailsAsync(RespondActivityTaskFailedRequest failed)
    {
        try
        {
            await context.PayloadLimits.CheckAsync(failed).ConfigureAwait(false);
            await context.PayloadLimits.CheckAsync(new RecordActivityTaskHeartbeatRequest { Details = heartbeats.Unsent }).ConfigureAwait(false);
            failed.LastHeartbeatDetails = heartbeats.Unsent;
        }
        catch (ApplicationFailureException e) when (e.ErrorType == PayloadLimits.FailureType)
        {
            failed.Failure = await context.Converter.ToFailureAsync(e).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Activity {ActivityType} {ActivityId} failed in attempt {Attempt}")]
        public static partial void Failed(ILogger logger, string activityType, string activityId, int attempt, Exception exception);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Activity {ActivityType} {ActivityId} ended after the server gave it up")]
        public static partial void Abandoned(ILogger logger, string activityType, string activityId, Exception exception);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Nobody waited for the end of activity {ActivityType} {ActivityId}")]
        public static partial void NotWaitedFor(ILogger logger, string activityType, string activityId, Exception exception);
    }
}
