using Mainstay.Benchmarks.Harness;
using Temporalio.Client;
using Temporalio.Worker;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>Our SDK: client and worker in this process, as the TypeScript side has both in one.</summary>
internal sealed class ManagedSide : IAsyncDisposable
{
    private const string Queue = "managed";

    // A poll of the common queue takes a commit: with the one that is the default, commits' latency would be all that is measured.
    private const int Polls = 20;
    private readonly TemporalClient client;
    private readonly TemporalWorker worker;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    private ManagedSide(TemporalClient client)
    {
        this.client = client;
        worker = new TemporalWorker(
            client,
            new TemporalWorkerOptions(Queue) { MaxConcurrentWorkflowTaskPolls = Polls, NonStickyToStickyPollRatio = 0.5F, MaxConcurrentActivityTaskPolls = Polls }
                .AddActivity(SequenceActivities.Nothing)
                .AddWorkflow<NoopWorkflow>()
                .AddWorkflow<SequenceWorkflow>()
                .AddWorkflow<TargetWorkflow>());
        running = worker.ExecuteAsync(stop.Token);
    }

    public static async Task<ManagedSide> StartAsync(string address) => new(await TemporalClient.ConnectAsync(new(address)));

    /// <summary>Runs workflows that return what they were given.</summary>
    public Task<Reading> NoopAsync(int count, int concurrency) => Load.TimesAsync(count, concurrency, async number =>
        Require(await client.ExecuteWorkflowAsync((NoopWorkflow workflow) => workflow.RunAsync(number), Named()), number));

    /// <summary>Runs workflows of five activities, one after another.</summary>
    public Task<Reading> SequenceAsync(int count, int concurrency) => Load.TimesAsync(count, concurrency, async _ =>
        Require(await client.ExecuteWorkflowAsync((SequenceWorkflow workflow) => workflow.RunAsync(5), Named()), 5));

    /// <summary>Sends signals, each until its handler has run.</summary>
    public Task<Reading> SignalAsync(int count) => OnTargetAsync(count, async (target, number) =>
    {
        var handled = HandledSignals.Next(number);
        await target.SignalAsync(workflow => workflow.AddAsync(number));
        await handled;
    });

    /// <summary>Sends updates, each until its outcome is back.</summary>
    public Task<Reading> UpdateAsync(int count) => OnTargetAsync(count, async (target, number) =>
        Require(await target.ExecuteUpdateAsync(workflow => workflow.ChangeAsync(number)), number));

    /// <summary>Asks queries.</summary>
    public Task<Reading> QueryAsync(int count) => OnTargetAsync(count, async (target, _) => Require(await target.QueryAsync(workflow => workflow.State()), 0));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }

        worker.Dispose();
        stop.Dispose();
    }

    private async Task<Reading> OnTargetAsync(int count, Func<WorkflowHandle<TargetWorkflow, int>, int, Task> operation)
    {
        var target = await client.StartWorkflowAsync((TargetWorkflow workflow) => workflow.RunAsync(), Named());
        await target.QueryAsync(workflow => workflow.State());
        var reading = await Load.TimesAsync(count, 1, number => operation(target, number));
        await target.SignalAsync(workflow => workflow.GoAsync());
        await target.GetResultAsync();
        return reading;
    }

    private static WorkflowOptions Named() => new($"{Queue}-{Guid.NewGuid():n}", Queue);

    private static void Require(int seen, int expected)
    {
        if (seen != expected)
        {
            throw new InvalidOperationException($"Got {seen} in place of {expected}.");
        }
    }
}
