using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Execution.Commands;
using Temporalio.Workflows;

namespace Temporalio.Worker.Activities;

/// <summary>Runs a local activity with its retries.</summary>
internal sealed class LocalActivityAttempts(WorkerContext context, ActivityWorker worker, LocalActivityMachine machine, WorkflowInfo workflow, PollWorkflowTaskQueueResponse task)
{
    public async Task<LocalActivityResult> RunAsync()
    {
        var options = machine.Scheduled.Options;
        var retry = options.RetryPolicy ?? new();
        var metrics = context.Metrics.With("activity_type", machine.Scheduled.ActivityType).With("workflow_type", workflow.WorkflowType);
        metrics.Count("local_activity_total");
        var start = context.Clock.GetTimestamp();
        var wait = retry.InitialInterval;
        for (var attempt = 1; ; attempt++)
        {
            var begun = context.Clock.GetTimestamp();
            try
            {
                var value = await OnceAsync(attempt).ConfigureAwait(false);
                metrics.Record("local_activity_execution_latency", context.Clock.GetElapsedTime(begun));
                metrics.Record("local_activity_succeed_endtoend_latency", context.Clock.GetElapsedTime(start));
                return Done(new(new() { Payloads_ = { context.Converter.PayloadConverter.ToPayload(value) } }, null), attempt);
            }
            catch (Exception e)
            {
                var cancelled = machine.Cancellation.IsCancellationRequested;
                metrics.Count(cancelled ? "local_activity_execution_cancelled" : "local_activity_execution_failed");
                var overTime = options.ScheduleToCloseTimeout is { } limit && context.Clock.GetElapsedTime(start) + wait > limit;
                if (cancelled || overTime || !MayRetry(e, retry, attempt))
                {
                    return Done(new(null, Ended(e, cancelled)), attempt);
                }

                await Task.WhenAny(Task.Delay(wait, context.Clock, CancellationToken.None), Polling.CancellationTokenExtensions.WhenCancelledAsync(machine.Cancellation.Token)).ConfigureAwait(false);
                wait *= retry.BackoffCoefficient;
                var longest = retry.MaximumInterval ?? retry.InitialInterval * 100;
                wait = wait < longest ? wait : longest;
            }
        }
    }

    private static bool MayRetry(Exception e, RetryPolicy retry, int attempt) =>
        (retry.MaximumAttempts == 0 || attempt < retry.MaximumAttempts) &&
        e is not ApplicationFailureException { NonRetryable: true } &&
        retry.NonRetryableErrorTypes?.Contains((e as ApplicationFailureException)?.ErrorType ?? e.GetType().Name) != true;

    private async Task<object?> OnceAsync(int attempt)
    {
        var options = machine.Scheduled.Options;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(machine.Cancellation.Token);
        timeout.CancelAfter(options.StartToCloseTimeout ?? options.ScheduleToCloseTimeout!.Value);
        var definition = worker.Find(machine.Scheduled.ActivityType);
        var info = Info(attempt);
        var execution = new ActivityExecutionContext(
            info,
            new ScopedLogger(context.Options.LoggerFactory!.CreateLogger($"Temporalio.Activity:{info.ActivityType}"), info.LoggerScope),
            context.Converter.PayloadConverter,
            context.Client,
            () => machine.Cancellation.IsCancellationRequested ? ActivityCancelReason.CancelRequested : ActivityCancelReason.None,
            () => machine.Cancellation.IsCancellationRequested ? new() { IsCancelRequested = true } : null,
            timeout.Token,
            worker.ShutdownToken,
            context.Meter("activity_type", info.ActivityType));
        var arguments = definition.Dynamic
            ? [machine.Scheduled.Input.Select(payload => (IRawValue)new RawValue(payload)).ToArray()]
            : machine.Scheduled.Input.Zip(definition.ParameterTypes, context.Converter.PayloadConverter.ToValue).ToArray();
        try
        {
            return await context.Options.ActivityTaskFactory.StartNew(() =>
            {
                ActivityExecutionContext.Enter(execution);
                var headers = machine.Scheduled.Headers is { } given ? new Dictionary<string, Payload>(given) : null;
                return ActivityInvocation.RunAsync(context, execution, static _ => { }, new(definition, arguments, headers));
            }).Unwrap().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !machine.Cancellation.IsCancellationRequested)
        {
            throw new TimeoutFailureException(
                new() { Message = "Activity timed out", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } }, e, context.Converter.PayloadConverter);
        }
    }

    private ActivityInfo Info(int attempt) => new(
        machine.ActivityId,
        machine.Scheduled.ActivityType,
        attempt,
        machine.Scheduled.ScheduleTime,
        context.Converter,
        [],
        null,
        true,
        context.Namespace,
        Priority.Default,
        machine.Scheduled.Options.RetryPolicy,
        machine.Scheduled.Options.ScheduleToCloseTimeout,
        machine.Scheduled.ScheduleTime,
        machine.Scheduled.Options.StartToCloseTimeout,
        context.Clock.GetUtcNow().UtcDateTime,
        context.TaskQueue,
        [],
        workflow.WorkflowId,
        workflow.Namespace,
        task.WorkflowExecution.RunId,
        workflow.WorkflowType);

    private LocalActivityResult Done(ActivityOutcome outcome, int attempt) => new(outcome, attempt, context.Clock.GetUtcNow().UtcDateTime);

    // The workflow gets the failure itself, as the marker has it: only activities that the server knows of are wrapped.
    private Failure Ended(Exception e, bool cancelled) =>
        cancelled ? new() { Message = "Activity cancelled", CanceledFailureInfo = new() } : context.Converter.FailureConverter.ToFailure(e, context.Converter.PayloadConverter);
}
