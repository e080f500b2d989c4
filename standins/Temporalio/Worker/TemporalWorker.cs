using Temporalio.Client;
using Temporalio.Worker.Activities;
using Temporalio.Worker.Polling;
using Temporalio.Worker.Execution;

namespace Temporalio.Worker;

/// <summary>Polls a task queue and runs workflows and activities.</summary>
public class TemporalWorker : IDisposable
{
    private readonly CancellationTokenSource disposed = new();
    private readonly IReadOnlyList<ITemporalWorkerPlugin> plugins;
    private IWorkerClient client;
    private WorkerContext? context;
    private int started;

    public TemporalWorker(IWorkerClient client, TemporalWorkerOptions options)
    {
        this.client = client as ITemporalClient ?? throw new ArgumentException("Client must be a Temporal client", nameof(client));
        Options = (TemporalWorkerOptions)options.Clone();
        Options.TaskQueue = options.TaskQueue is { Length: > 0 } queue ? queue : throw new ArgumentException("Task queue must be set", nameof(options));
        Options.LoggerFactory ??= client.Options.LoggerFactory;
        plugins = [.. (client.Options.Plugins ?? []).OfType<ITemporalWorkerPlugin>(), .. Options.Plugins ?? []];
        foreach (var plugin in plugins)
        {
            plugin.ConfigureWorker(Options);
        }

        if (Options.Workflows.Count == 0 && Options.Activities.Count == 0)
        {
            throw new ArgumentException("Must have at least one workflow and/or activity", nameof(options));
        }

        Require(Options.Workflows.Select(workflow => workflow.Name), "workflow");
        Require(Options.Activities.Select(activity => activity.Name), "activity");
    }

    public TemporalWorkerOptions Options { get; }

    /// <summary>The client with which the worker polls and answers; another one of the same namespace may take its place at any time.</summary>
    public IWorkerClient Client
    {
        get => client;
        set
        {
            var replacement = value as ITemporalClient ?? throw new ArgumentException("Client must be a Temporal client", nameof(value));
            client = replacement;
            if (context is { } running)
            {
                running.Client = replacement;
            }
        }
    }

    /// <summary>Runs until the token fires, then drains.</summary>
    public Task ExecuteAsync(CancellationToken stoppingToken) => ThroughPluginsAsync<ValueTuple>(
        async (worker, token) =>
        {
            await worker.RunAsync(null, token).ConfigureAwait(false);
            return default;
        },
        stoppingToken);

    /// <summary>Runs until the function ends or the token fires, then drains.</summary>
    public async Task ExecuteAsync(Func<Task> untilComplete, CancellationToken stoppingToken = default) =>
        await ExecuteAsync<ValueTuple>(
            async () =>
            {
                await untilComplete().ConfigureAwait(false);
                return default;
            },
            stoppingToken).ConfigureAwait(false);

    /// <summary>Runs until the function ends or the token fires, then drains and gives the function's result.</summary>
    public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> untilComplete, CancellationToken stoppingToken = default) => ThroughPluginsAsync(
        async (worker, token) =>
        {
            Task<TResult>? function = null;
            await worker.RunAsync(() => function = untilComplete(), token).ConfigureAwait(false);
            token.ThrowIfCancellationRequested();
            return await function!.ConfigureAwait(false);
        },
        stoppingToken);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            disposed.Cancel();
        }
    }

    private static void Require(IEnumerable<string?> names, string kind)
    {
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Duplicate {kind} named {twice.Key ?? "<dynamic>"}");
        }
    }

    private Task<TResult> ThroughPluginsAsync<TResult>(Func<TemporalWorker, CancellationToken, Task<TResult>> run, CancellationToken stoppingToken)
    {
        foreach (var plugin in plugins.Reverse())
        {
            var inner = run;
            run = (worker, token) => plugin.RunWorkerAsync(worker, inner, token);
        }

        return run(this, stoppingToken);
    }

    private async Task RunAsync(Func<Task>? untilComplete, CancellationToken stoppingToken)
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
        {
            throw new InvalidOperationException("Already started");
        }

        stoppingToken.ThrowIfCancellationRequested();
        var connected = (ITemporalClient)Client;
        await connected.Connection.ConnectAsync().ConfigureAwait(false);
        using var stopPolling = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, disposed.Token);
        context = new WorkerContext(connected, Options);
        context.Metrics.Count("worker_start");
        var activities = new ActivityWorker(context);
        var workflows = new WorkflowWorker(context, activities);
        List<Task> running = [];
        if (Options.Workflows.Count > 0)
        {
            running.Add(workflows.RunAsync(stopPolling.Token));
        }

        if (Options.Activities.Count > 0 && !Options.LocalActivityWorkerOnly)
        {
            running.Add(activities.RunAsync(stopPolling.Token));
        }

        var all = Task.WhenAll(running);
        var stop = untilComplete?.Invoke() ?? Task.Delay(Timeout.InfiniteTimeSpan, stopPolling.Token);
        await Task.WhenAny(all, stop, stopPolling.Token.WhenCancelledAsync()).ConfigureAwait(false);
        await stopPolling.CancelAsync().ConfigureAwait(false);
        await all.ConfigureAwait(false);
        if (untilComplete is null)
        {
            stoppingToken.ThrowIfCancellationRequested();
        }
    }
}
