using Mainstay.Benchmarks.Harness;
using Temporalio.Client;
using Temporalio.Worker;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>What workflows that wait cost a worker whose cache has let go of them, and the server; none is lost when both start anew.</summary>
internal static class Waiting
{
    private const string Name = "waiting workflows";
    private const string Queue = "waiting";
    private const int Cached = 100;
    private const int AtOnce = 50;
    private const double MostKilobytes = 5;

    /// <summary>The memory of worker and server for many waiting workflows; every one of them still ends as it should after a restart of both.</summary>
    public static async Task<IReadOnlyList<Row>> MeasureAsync(EmbeddedServer server, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        if (!Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var count = options.Number("waiting", 10_000);
        var kilobytes = await WorkAsync(server, async client =>
        {
            await StartAsync(client, "warm-up", Cached);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await StartAsync(client, Name, count);
            var after = GC.GetTotalMemory(forceFullCollection: true);
            await EndAsync(client, "warm-up", Cached);
            return (after - before) / 1024.0 / count;
        });
        var waiting = await server.IdleMiBAsync(cancellationToken);
        await server.RestartAsync(cancellationToken);
        var ended = await WorkAsync(server, client => EndAsync(client, Name, count));
        return
        [
            Row.OfFigure($"worker, {count:#,0} {Name}, each", "KiB", Math.Max(0, kilobytes), MostKilobytes),
            Row.OfFigure($"idle server with {count:#,0} {Name}", "MiB", waiting, TemporalBenchmark.MostIdleMiB),
            new Row($"{Name} that end after a restart of both", new("workflows", _ => ended, 1, AtLeast: true), ended, count, (ended, ended)),
        ];
    }

    private static async Task<T> WorkAsync<T>(EmbeddedServer server, Func<ITemporalClient, Task<T>> act)
    {
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        using var worker = new TemporalWorker(
            client, new TemporalWorkerOptions(Queue) { MaxCachedWorkflows = Cached, MaxConcurrentWorkflowTaskPolls = 20 }.AddWorkflow<WaitingWorkflow>());
        return await worker.ExecuteAsync(() => act(client));
    }

    // A query is answered once the workflow has come to its wait.
    private static Task StartAsync(ITemporalClient client, string name, int count) => Load.TimesAsync(count, AtOnce, async number =>
    {
        var handle = await client.StartWorkflowAsync((WaitingWorkflow workflow) => workflow.RunAsync(number), new($"{name}-{number}", Queue));
        await handle.QueryAsync(workflow => workflow.IsOver());
    });

    // How many ended with their own result.
    private static async Task<int> EndAsync(ITemporalClient client, string name, int count)
    {
        var right = 0;
        await Load.TimesAsync(count, AtOnce, async number =>
        {
            var handle = client.GetWorkflowHandle<WaitingWorkflow, int>($"{name}-{number}");
            await handle.SignalAsync(workflow => workflow.GoAsync());
            if (await handle.GetResultAsync() == number)
            {
                Interlocked.Increment(ref right);
            }
        });
        return right;
    }
}
