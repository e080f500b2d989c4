using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

internal sealed partial class WorkflowRun
{
    private WorkflowOutboundInterceptor Out => outbound ?? throw new InvalidOperationException("Workflow is not started yet");

    public ContinueAsNewException CreateContinueAsNewException(string workflow, IReadOnlyCollection<object?> args, ContinueAsNewOptions? options) =>
        Out.CreateContinueAsNewException(new(workflow, args, options, null));

    public Task DelayWithOptionsAsync(DelayOptions options)
    {
        AssertNotReadOnly("start a timer");
        return Out.DelayAsync(new(options.Delay, options.CancellationToken, options.Summary));
    }

    public Task<TResult> ExecuteActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, ActivityOptions options)
    {
        AssertNotReadOnly("schedule an activity");
        return Out.ScheduleActivityAsync<TResult>(new(activity, args, options, null));
    }

    public Task<TResult> ExecuteLocalActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options)
    {
        AssertNotReadOnly("schedule a local activity");
        return Out.ScheduleLocalActivityAsync<TResult>(new(activity, args, options, null));
    }

    public Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions options)
    {
        AssertNotReadOnly("start a child workflow");
        return Out.StartChildWorkflowAsync<TWorkflow, TResult>(new(workflow, args, options, null));
    }

    public ExternalWorkflowHandle<TWorkflow> GetExternalWorkflowHandle<TWorkflow>(string id, string? runId) => new ExternalHandle<TWorkflow>(this, id, runId);

    public async Task<bool> WaitConditionWithOptionsAsync(WaitConditionOptions options)
    {
        AssertNotReadOnly("wait for a condition");
        var source = new TaskCompletionSource<bool>();
        var node = AddCondition(options.ConditionCheck, source);
        var token = options.CancellationToken ?? CancellationToken;
        using var timerCancellation = CancellationTokenSource.CreateLinkedTokenSource(token);
        using var registration = token.Register(() => source.TrySetCanceled(token));
        try
        {
            if (options.Timeout is not { } timeout || timeout == Timeout.InfiniteTimeSpan)
            {
                return await source.Task.ConfigureAwait(true);
            }

            var timer = Out.DelayAsync(new(timeout, timerCancellation.Token, options.TimeoutSummary));
            var first = await Task.WhenAny(source.Task, timer).ConfigureAwait(true);
            if (first == source.Task)
            {
                // CancelAsync would call back on a thread of the pool, where nothing of a workflow may run.
                timerCancellation.Cancel();
                return await source.Task.ConfigureAwait(true);
            }

            await timer.ConfigureAwait(true);
            return false;
        }
        finally
        {
            RemoveCondition(node);
        }
    }

    private sealed class ExternalHandle<TWorkflow>(WorkflowRun run, string id, string? runId) : ExternalWorkflowHandle<TWorkflow>
    {
        public override string Id => id;

        public override string? RunId => runId;

        public override Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ExternalWorkflowSignalOptions? options = null)
        {
            run.AssertNotReadOnly("signal a workflow");
            return run.Out.SignalExternalWorkflowAsync(new(id, runId, signal, args, options, null));
        }

        public override Task CancelAsync()
        {
            run.AssertNotReadOnly("cancel a workflow");
            return run.Out.CancelExternalWorkflowAsync(new(id, runId));
        }
    }
}
