using System.Runtime.CompilerServices;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Matching;
using Mainstay.TemporalServer.Storage;
using Mainstay.TemporalServer.Timers;
using Mainstay.TemporalServer.Visibility;
using Mainstay.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Api.History.V1;

namespace TemporalServer.Tests.Executions;

/// <summary>Runs that leave memory while they wait, and come back.</summary>
public sealed class RunCacheTests : IAsyncLifetime
{
    private const string Namespace = "default";

    private readonly PostgresFixture postgres = new();
    private Store store = null!;
    private RunHost host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rest_RunThatNobodyHolds_LeavesMemoryAndIsReadAgain()
    {
        var (left, state) = await StartAndRestAsync("waiting");
        await Eventually.TrueAsync(() => IsGone(left), Token);

        var back = await host.FindAsync(Namespace, "waiting", "");
        Assert.Equal(state, back!.State);
        await SignalAsync(back, "go");
        Assert.Contains(back.State.SignalRequestIds, id => id == "go");
    }

    [Fact]
    public async Task Rest_RunThatSomebodyHolds_StaysTheOneObjectThatAllGet()
    {
        var held = await StartAsync("held");
        Assert.Equal(1, host.Rest(DateTimeOffset.MaxValue));
        GC.Collect();

        Assert.Same(held, await host.FindAsync(Namespace, "held", ""));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => await SignalAsync((await host.FindAsync(Namespace, "held", ""))!, $"signal-{i}")));
        Assert.Equal(20, held.State.SignalRequestIds.Count);
    }

    [Fact]
    public async Task Rest_UpdateNotAnsweredYet_KeepsTheRun()
    {
        var run = await StartAsync("updated");
        run.Updates["asked"] = new PendingUpdate(new());
        Assert.Equal(0, host.Rest(DateTimeOffset.MaxValue));
        run.Updates["asked"].Refusal = new();
        Assert.Equal(1, host.Rest(DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task Rest_RunAskedForJustNow_KeepsIt()
    {
        await StartAsync("busy");
        await host.FindAsync(Namespace, "busy", "");
        Assert.Equal(0, host.Rest(TimeProvider.System.GetUtcNow().AddMinutes(-1)));
    }

    public async ValueTask InitializeAsync()
    {
        store = await Store.OpenAsync((await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString, Token);
        var clock = new WorkflowClock(TimeProvider.System);
        var work = new OpenWork(watched: false);
        host = new RunHost(
            store, new RunCache(store, TimeProvider.System), new TaskQueues(TimeProvider.System), new DueTimes(clock, work), work, new SearchAttributeCatalog(store), clock, NullLogger<RunHost>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await postgres.DisposeAsync();
    }

    // In a method of its own, so that nothing here holds the run.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(WeakReference<Run> Left, RunState State)> StartAndRestAsync(string workflowId)
    {
        var run = await StartAsync(workflowId);
        Assert.Equal(1, host.Rest(DateTimeOffset.MaxValue));
        return (new WeakReference<Run>(run), run.State);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsGone(WeakReference<Run> left)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return !left.TryGetTarget(out _);
    }

    private Task<Run> StartAsync(string workflowId)
    {
        var runId = Guid.NewGuid().ToString();
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = new() { Name = "raw" },
            TaskQueue = new() { Name = "resting" },
            WorkflowTaskTimeout = new() { Seconds = 10 },
            FirstWorkflowTaskBackoff = new(),
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = runId,
            WorkflowId = workflowId,
            Attempt = 1,
        };
        return host.AddAsync(RunChange.Start(Namespace, runId, started, "", TimeProvider.System.GetUtcNow()).Begin().Finish());
    }

    private Task SignalAsync(Run run, string requestId) => host.ApplyAsync(run, change =>
    {
        change.Signal(new WorkflowExecutionSignaledEventAttributes { SignalName = "go", RequestId = requestId });
        return true;
    });
}
