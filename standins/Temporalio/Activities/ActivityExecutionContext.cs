using Temporalio.Client;

namespace Temporalio.Activities;

/// <summary>What a running activity can ask and tell.</summary>
public class ActivityExecutionContext
{
    private static readonly AsyncLocal<ActivityExecutionContext?> AsyncLocalCurrent = new();

    private readonly Func<ActivityCancellationDetails?> cancellationDetails;
    private readonly Func<ActivityCancelReason> cancelReason;
    private readonly ITemporalClient? client;

    internal ActivityExecutionContext(
        ActivityInfo info,
        ILogger logger,
        IPayloadConverter payloadConverter,
        ITemporalClient? client,
        Func<ActivityCancelReason> cancelReason,
        Func<ActivityCancellationDetails?> cancellationDetails,
        CancellationToken cancellationToken,
        CancellationToken workerShutdownToken,
        MetricMeter metricMeter)
    {
        Info = info;
        Logger = logger;
        PayloadConverter = payloadConverter;
        CancellationToken = cancellationToken;
        WorkerShutdownToken = workerShutdownToken;
        MetricMeter = metricMeter;
        this.client = client;
        this.cancelReason = cancelReason;
        this.cancellationDetails = cancellationDetails;
    }

    public static bool HasCurrent => AsyncLocalCurrent.Value is not null;

    public static ActivityExecutionContext Current =>
        AsyncLocalCurrent.Value ?? throw new InvalidOperationException("No current context, not in activity");

    public ActivityInfo Info { get; private init; }

    public ILogger Logger { get; private init; }

    public ActivityCancelReason CancelReason => cancelReason();

    public ActivityCancellationDetails? CancellationDetails => cancellationDetails();

    public CancellationToken CancellationToken { get; private init; }

    /// <summary>Fires when the worker begins to stop, before the grace period is over.</summary>
    public CancellationToken WorkerShutdownToken { get; private init; }

    public IPayloadConverter PayloadConverter { get; private init; }

    /// <summary>Creates metrics that carry the namespace, task queue and type of the activity.</summary>
    public MetricMeter MetricMeter { get; private init; }

    public ITemporalClient TemporalClient => client ?? throw new InvalidOperationException("No Temporal client available");

    internal Action<object?[]> HeartbeatSink { get; set; } = static _ => { };

    /// <summary>Tells the server that the activity is alive; sent at most once per throttle interval.</summary>
    public void Heartbeat(params object?[] details) => HeartbeatSink(details);

    internal static void Enter(ActivityExecutionContext? context) => AsyncLocalCurrent.Value = context;
}
