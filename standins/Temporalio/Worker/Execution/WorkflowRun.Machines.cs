using Temporalio.Api.Command.V1;
using Temporalio.Worker.Execution.Commands;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

internal sealed partial class WorkflowRun
{
    private readonly Dictionary<string, TimerMachine> timers = [];
    private readonly Dictionary<long, ActivityMachine> activities = [];
    private readonly Dictionary<long, ChildWorkflowMachine> children = [];
    private readonly Dictionary<long, ChildWorkflowMachine> cancelledChildren = [];
    private readonly Dictionary<long, ExternalMachine> externals = [];
    private readonly SortedDictionary<int, LocalActivityMachine> localActivities = [];
    private int timerSequence;
    private int localSequence;

    /// <summary>Local activities that wait for the worker to run them.</summary>
    public IEnumerable<LocalActivityMachine> LocalActivities => localActivities.Values;

    /// <summary>Ends a local activity of a live task and lets the workflow go on.</summary>
    public void CloseLocalActivity(int id, ActivityOutcome outcome, int attempt, DateTime completeTime) => Guarded(() =>
    {
        localActivities.Remove(id, out var machine);
        machine!.Close(outcome, attempt, completeTime);
        RunUntilIdle();
    });

    private string NextTimerId() => (++timerSequence).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string NextActivityId() => NextSequence();

    private void ReplayLocalActivity(HistoryEvent marker)
    {
        if (LocalActivityMachine.SequenceOf(marker) is { } id && localActivities.Remove(id, out var machine))
        {
            machine.Replay(marker);
            RunUntilIdle();
        }
    }

    private TResult Value<TResult>(ActivityOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            throw details.FailureConverter.ToException(failure, PayloadConverter);
        }

        return typeof(TResult) == typeof(ValueTuple) || outcome.Result is not { Payloads_.Count: > 0 } result
            ? default!
            : PayloadConverter.ToValue<TResult>(result.Payloads_[0]);
    }

    private async Task SignalAsync(SignalExternalWorkflowExecutionCommandAttributes attributes, CancellationToken? cancellationToken)
    {
        var token = cancellationToken ?? CancellationToken;
        if (token.IsCancellationRequested)
        {
            throw new CanceledFailureException("Signal cancelled before it was scheduled");
        }

        var machine = ExternalMachine.Signal(book, attributes, (id, external) => externals[id] = external);
        using var registration = token.Register(machine.Cancel);
        await machine.Task.ConfigureAwait(true);
    }

    private sealed class ChildHandle<TWorkflow, TResult>(WorkflowRun run, ChildWorkflowMachine machine, string runId, CancellationTokenRegistration registration)
        : ChildWorkflowHandle<TWorkflow, TResult>
    {
        public override string Id => machine.WorkflowId;

        public override string FirstExecutionRunId => runId;

        public override async Task<TValue> GetResultAsync<TValue>()
        {
            var outcome = await machine.Closed.ConfigureAwait(true);
            registration.Unregister();
            return run.Value<TValue>(outcome);
        }

        public override Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ChildWorkflowSignalOptions? options = null)
        {
            run.AssertNotReadOnly("signal a child workflow");
            return run.Out.SignalChildWorkflowAsync(new(Id, signal, args, options, null));
        }
    }
}
