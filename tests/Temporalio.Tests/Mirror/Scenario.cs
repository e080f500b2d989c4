using System.Text.Json.Nodes;
using Mainstay.Testing;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Tests.Mirror;

/// <summary>A scenario of the conformance suite, played by the managed SDK: its histories are held to the golden file of the same name.</summary>
internal sealed partial class Scenario(TemporalClient client, string name) : IAsyncDisposable
{
    private static readonly string Goldens = Path.Combine(Repository.Root, "tests", "temporal-conformance", "golden");

    private JsonNode? golden;

    private readonly string uid = Guid.NewGuid().ToString("n")[..10];
    private readonly List<(string Workflow, string Id, string? RunId)> recorded = [];
    private readonly List<(CancellationTokenSource Stop, TemporalWorker Worker, Task Running)> workers = [];

    public TemporalClient Client { get; } = client;

    public static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Fields that this scenario does not compare.</summary>
    public string[] Dropped { get; init; } = [];

    /// <summary>The last event that is compared, and no termination; null compares all.</summary>
    public int? UpToEvent { get; init; }

    /// <summary>How long heartbeats may stay away here, where the golden history says a second: a machine that stalls for longer would change what happens.</summary>
    public string? HeartbeatTimeout { get; init; }

    /// <summary>A name that is new in each run and reads the same in the golden file.</summary>
    public string Name(string label) => $"{name}/{uid}/{label}";

    public string Queue => Name("tq");

    /// <summary>The random part of every name.</summary>
    public string Uid => uid;

    /// <summary>Starts a worker for the workflows of the suite.</summary>
    public Task WorkerAsync(params Delegate[] activities) => WorkerAsync(Queue, null, activities);

    public Task WorkerAsync(string queue, Action<TemporalWorkerOptions>? configure, params Delegate[] activities)
    {
        var options = new TemporalWorkerOptions(queue) { Identity = "conformance-worker", GracefulShutdownTimeout = TimeSpan.Zero };
        MirrorWorkflows.AddTo(options);
        foreach (var activity in activities)
        {
            options.AddActivity(activity);
        }

        configure?.Invoke(options);
        var worker = new TemporalWorker(Client, options);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        workers.Add((stop, worker, worker.ExecuteAsync(stop.Token)));
        return Task.CompletedTask;
    }

    /// <summary>Starts a workflow by its name; <paramref name="label"/> is the last part of its id.</summary>
    public Task<WorkflowHandle> StartAsync(string type, object?[]? args = null, Action<WorkflowOptions>? configure = null, string label = "main")
    {
        var options = new WorkflowOptions(Name(label), Queue);
        configure?.Invoke(options);
        return Client.StartWorkflowAsync(type, args ?? [], options);
    }

    /// <summary>Lets a worker run a first workflow: it polls then, and its code is compiled, so that time-outs of a second hit what they are meant for.</summary>
    public async Task WarmAsync() => await (await StartAsync("noop", [], null, "warm")).GetResultAsync();

    /// <summary>Stops every worker of the scenario.</summary>
    public async Task StopWorkersAsync()
    {
        foreach (var (stop, worker, running) in workers)
        {
            await stop.CancelAsync();
            await running.ContinueWith(_ => { }, TaskScheduler.Default);
            worker.Dispose();
            stop.Dispose();
        }

        workers.Clear();
    }

    /// <summary>Waits until a history has so many events of a type.</summary>
    public Task UntilEventAsync(string workflowId, EventType type, int count = 1) => Eventually.TrueAsync(
        async () => (await Client.GetWorkflowHandle(workflowId).FetchHistoryAsync()).Events.Count(e => e.EventType == type) >= count, CancellationToken);

    /// <summary>Waits for the end of a workflow, whichever it is.</summary>
    public static async Task EndAsync(WorkflowHandle handle)
    {
        try
        {
            await handle.GetResultAsync<System.Text.Json.JsonElement?>();
        }
        catch (Exceptions.WorkflowFailedException)
        {
            // How it ended is in the history.
        }
    }

    /// <summary>Has a history compared under its name in the golden file.</summary>
    public void History(string workflow, string workflowId, string? runId = null) => recorded.Add((workflow, workflowId, runId));

    /// <summary>Compares every history with the golden one; results that are worded by the SDK are left out if so asked.</summary>
    public async Task MatchesAsync(bool results = true)
    {
        var golden = Golden["histories"]!.AsArray();
        var (expected, actual) = (new Normaliser("UID", Dropped), new Normaliser(uid, Dropped));
        foreach (var (workflow, id, runId) in recorded)
        {
            var file = golden.Single(h => h!["workflow"]!.GetValue<string>() == workflow)!;
            var there = expected.Golden(file["events"]!.AsArray());
            var here = actual.Events((await Client.GetWorkflowHandle(id, runId).FetchHistoryAsync()).Events);
            if (!results)
            {
                there.Concat(here).Where(e => e["type"]!.GetValue<string>() == "WorkflowExecutionCompleted").ToList().ForEach(e => e["attributes"]!.AsObject().Remove("result"));
            }

            if (UpToEvent is { } last)
            {
                here.RemoveAll(e => e["id"]!.GetValue<long>() > last || e["type"]!.GetValue<string>() == nameof(EventType.WorkflowExecutionTerminated));
            }

            if (file["order"]!.GetValue<string>() == "free")
            {
                (there, here) = (Free(there), Free(here));
            }

            Assert.Equal(Lines(there).Replace("heartbeatTimeout: \"1s\"", $"heartbeatTimeout: \"{HeartbeatTimeout ?? "1s"}\"", StringComparison.Ordinal), Lines(here));
        }

        Assert.NotEmpty(recorded);
    }

    public async ValueTask DisposeAsync() => await StopWorkersAsync();

    // Where the order depends on timing, the set of events counts, without ids and references to them.
    private static List<JsonObject> Free(List<JsonObject> events) =>
    [
        .. events.Where(e => !e["type"]!.GetValue<string>().StartsWith("WorkflowTask", StringComparison.Ordinal))
            .Select(e => new JsonObject { ["type"] = e["type"]!.DeepClone(), ["attributes"] = Unreferring(e["attributes"]!) })
            .OrderBy(e => Sorted(e), StringComparer.Ordinal),
    ];

    private static JsonNode Unreferring(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(p => !p.Key.EndsWith("EventId", StringComparison.Ordinal)).Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : Unreferring(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Unreferring(item))]),
        _ => node.DeepClone(),
    };

    private static string Lines(List<JsonObject> events) => string.Join('\n', events.Select(e => Sorted(e)));

    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject map => $"{{{string.Join(", ", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {Sorted(p.Value)}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(Sorted))}]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
