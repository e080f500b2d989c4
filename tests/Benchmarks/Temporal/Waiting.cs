using Mainstay.Benchmarks.Harness;
using Temporalio.Client;
using Temporalio.Worker;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>What workflows that wait cost a worker whose cache has let go of them.</summary>
internal static class Waiting
{
    private const string Name = "waiting workflows";
    private const string Queue = "waiting";
    private const int Cached = 100;
    private const int AtOnce = 50;
    private const double MostKilobytes = 5;

    /// <summary>The worker's memory for each of many waiting workflows; every one of them still ends as it should.</summary>
    public static async Task<IReadOnlyList<Row>> MeasureAsync(string address, BenchmarkOptions options)
    {
        if (!Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var count = options.Number("waiting", 10_000);
        var client = await TemporalClient.ConnectAsync(new(address));
        using var worker = new TemporalWorker(
            client, new TemporalWorkerOptions(Queue) { MaxCachedWorkflows = Cached, MaxConcurrentWorkflowTaskPolls = 20 }.AddWorkflow<TargetWorkflow>());
        var kilobytes = await worker.ExecuteAsync(async () =>
        {
            await StartAsync(client, "warm-up", Cached);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await StartAsync(client, Name, count);
            var after = GC.GetTotalMemory(forceFullCollection: true);
            await Task.WhenAll(EndAsync(client, "warm-up", Cached), EndAsync(client, Name, count));
            return (after - before) / 1024.0 / count;
        });
        return [Row.OfFigure($"worker, {count:#,0} {Name}, each", "KiB", Math.Max(0, kilobytes), MostKilobytes)];
    }

    // A query is answered once the workflow has come to its wait.
    private static Task StartAsync(TemporalClient client, string name, int count) => Load.TimesAsync(count, AtOnce, async number =>
    {
        var handle = await client.StartWorkflowAsync((TargetWorkflow workflow) => workflow.RunAsync(), new($"{name}-{number}", Queue));
        await handle.QueryAsync(workflow => workflow.State());
    });

    private static Task EndAsync(TemporalClient client, string name, int count) => Load.TimesAsync(count, AtOnce, async number =>
    {
        var handle = client.GetWorkflowHandle<TargetWorkflow, int>($"{name}-{number}");
        await handle.SignalAsync(workflow => workflow.GoAsync());
        if (await handle.GetResultAsync() != 0)
        {
            throw new InvalidOperationException($"{name}-{number} has another result.");
        }
    });
}
