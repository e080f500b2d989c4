using Temporalio.Client;

namespace Temporalio.Worker;

/// <summary>What the parts of a worker share.</summary>
internal sealed class WorkerContext(ITemporalClient client, TemporalWorkerOptions options)
{
    public ITemporalClient Client => client;

    public TemporalWorkerOptions Options => options;

    public WorkflowService Service => client.Connection.WorkflowService;

    public string Namespace => client.Options.Namespace;

    public string TaskQueue => options.TaskQueue!;

    public DataConverter Converter => client.Options.DataConverter;

    public string Identity { get; } = options.Identity ?? client.Connection.Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}";

    /// <summary>The client's interceptors that are also for workers, around the worker's own.</summary>
    public IReadOnlyList<Interceptors.IWorkerInterceptor> Interceptors { get; } =
        [.. (client.Options.Interceptors ?? []).OfType<Interceptors.IWorkerInterceptor>(), .. options.Interceptors ?? []];

    public TimeProvider Clock => TimeProvider.System;

    public ILogger Logger { get; } = options.LoggerFactory!.CreateLogger<TemporalWorker>();
}
