using Temporalio.Client;
using Temporalio.Runtime.Metrics;

namespace Temporalio.Worker;

/// <summary>What the parts of a worker share.</summary>
internal sealed class WorkerContext(ITemporalClient client, TemporalWorkerOptions options)
{
    private readonly Runtime.TemporalRuntime runtime = client.Connection.Options.Runtime ?? Runtime.TemporalRuntime.Default;

    /// <summary>May be replaced by another client of the same namespace while the worker runs.</summary>
    public ITemporalClient Client { get; set; } = client;

    public TemporalWorkerOptions Options => options;

    public WorkflowService Service => Client.Connection.WorkflowService;

    public string Namespace => Client.Options.Namespace;

    public string TaskQueue => options.TaskQueue!;

    public DataConverter Converter => Client.Options.DataConverter;

    public string Identity { get; } = options.Identity ?? client.Connection.Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}";

    public string BuildId => WorkerVersion.Of(options)?.BuildId ?? string.Empty;

    /// <summary>The client's interceptors that are also for workers, around the worker's own.</summary>
    public IReadOnlyList<Interceptors.IWorkerInterceptor> Interceptors { get; } =
        [.. (client.Options.Interceptors ?? []).OfType<Interceptors.IWorkerInterceptor>(), .. options.Interceptors ?? []];

    /// <summary>What the namespace takes of payloads.</summary>
    public PayloadLimits PayloadLimits => field ??= new(this);

    public TimeProvider Clock => TimeProvider.System;

    public ILogger Logger { get; } = options.LoggerFactory!.CreateLogger<TemporalWorker>();

    /// <summary>The SDK's metrics with the tags of this worker.</summary>
    public SdkMetrics Metrics => runtime.SdkMetrics.With("namespace", Namespace).With("task_queue", TaskQueue);

    /// <summary>Metrics of user code with the tags of this worker and these.</summary>
    public MetricMeter Meter(string key, string value) =>
        runtime.MetricMeter.WithTags([new("namespace", Namespace), new("task_queue", TaskQueue), new(key, value)]);
}
