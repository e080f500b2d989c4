using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Runtime.Metrics;

namespace Temporalio.Testing;

/// <summary>Runs activities as a worker would, without one.</summary>
public record ActivityEnvironment
{
    /// <summary>What activities are told of themselves unless a test says otherwise.</summary>
    public static readonly ActivityInfo DefaultInfo = new(
        ActivityId: "test",
        ActivityType: "unknown",
        Attempt: 1,
        CurrentAttemptScheduledTime: DateTime.UnixEpoch,
        DataConverter: DataConverter.Default,
        HeartbeatDetails: [],
        HeartbeatTimeout: null,
        IsLocal: false,
        Namespace: "default",
        Priority: Priority.Default,
        RetryPolicy: new(),
        ScheduleToCloseTimeout: TimeSpan.FromSeconds(1),
        ScheduledTime: DateTime.UnixEpoch,
        StartToCloseTimeout: TimeSpan.FromSeconds(1),
        StartedTime: DateTime.UnixEpoch,
        TaskQueue: "test",
        TaskToken: "test"u8.ToArray(),
        WorkflowId: "test",
        WorkflowNamespace: "default",
        WorkflowRunId: "test-run",
        WorkflowType: "test");

    public ActivityInfo Info { get; init; } = DefaultInfo;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public IPayloadConverter PayloadConverter { get; init; } = DataConverter.Default.PayloadConverter;

    public MetricMeter? MetricMeter { get; init; }

    public ITemporalClient? TemporalClient { get; init; }

    /// <summary>Gets the details of heartbeats; they go nowhere by default.</summary>
    public Action<object?[]> Heartbeater { get; init; } = static _ => { };

    public ActivityCancelReason CancelReason { get; set; } = ActivityCancelReason.None;

    public ActivityCancellationDetails? CancellationDetails { get; set; }

    public CancellationTokenSource CancellationTokenSource { get; init; } = new();

    public CancellationTokenSource WorkerShutdownTokenSource { get; init; } = new();

    public void Cancel() => Cancel(ActivityCancelReason.CancelRequested);

    public void Cancel(ActivityCancelReason reason) => Cancel(reason, new() { IsCancelRequested = reason == ActivityCancelReason.CancelRequested });

    /// <summary>Cancels what runs, for a reason.</summary>
    public void Cancel(ActivityCancelReason reason, ActivityCancellationDetails details)
    {
        CancelReason = reason;
        CancellationDetails = details;
        CancellationTokenSource.Cancel();
    }

    public Task RunAsync(Action activity) => RunAsync(() =>
    {
        activity();
        return Task.CompletedTask;
    });

    public Task<T> RunAsync<T>(Func<T> activity) => RunAsync(() => Task.FromResult(activity()));

    public Task RunAsync(Func<Task> activity) => RunAsync(async () =>
    {
        await activity().ConfigureAwait(false);
        return 0;
    });

    /// <summary>Calls a function with the context of an activity, as long as it runs.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> activity)
    {
        ActivityExecutionContext.Enter(new(
            Info, Logger, PayloadConverter, TemporalClient, () => CancelReason, () => CancellationDetails, CancellationTokenSource.Token, WorkerShutdownTokenSource.Token, MetricMeter ?? SilentMeter.Instance)
        {
            HeartbeatSink = Heartbeater,
        });
        return await activity().ConfigureAwait(false);
    }
}
