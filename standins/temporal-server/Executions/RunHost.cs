using System.Collections.Concurrent;
using Mainstay.TemporalServer.Matching;
using Mainstay.TemporalServer.Storage;
using Mainstay.TemporalServer.Timers;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Keeps the runs that are at work, and takes each transition through the store before anyone hears of it.</summary>
internal sealed partial class RunHost(Store store, TaskQueues queues, DueTimes due, TimeProvider clock, ILogger<RunHost> logger)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Run?>>> runs = new();
    private readonly SemaphoreSlim[] starts = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>The run of an id, or the newest of the workflow id; nothing when there is none.</summary>
    public async Task<Run?> FindAsync(string @namespace, string workflowId, string runId)
    {
        var id = runId.Length > 0 ? runId : await store.CurrentRunAsync(@namespace, workflowId);
        var run = id is null ? null : await GetAsync(id);
        return run is not null && run.State.Namespace == @namespace && run.State.WorkflowId == workflowId ? run : null;
    }

    /// <summary>An open run by its id, or nothing.</summary>
    public async Task<Run?> GetOpenAsync(string runId) =>
        await GetAsync(runId) is { State.Status: WorkflowExecutionStatus.Running } run ? run : null;

    /// <summary>Any run by its id, or nothing.</summary>
    public Task<Run?> GetAnyAsync(string runId) => GetAsync(runId);

    /// <summary>Applies a transition to a run: computed, committed, then published; a throwing one changes nothing.</summary>
    public async Task<T> ApplyAsync<T>(Run run, Func<RunChange, T> act)
    {
        await run.Gate.WaitAsync();
        try
        {
            var change = new RunChange(run.State.Clone(), clock.GetUtcNow())
            {
                UpdateRequests = id => run.Updates.GetValueOrDefault(id)?.Request,
            };
            var result = act(change);
            await CommitAsync(run, change.Finish());
            return result;
        }
        finally
        {
            run.Gate.Release();
        }
    }

    /// <summary>Stores a new run, and with it the change that ends the one it replaces.</summary>
    public async Task<Run> AddAsync(RunChange start)
    {
        var run = new Run(start.State);
        runs[start.State.RunId] = new Lazy<Task<Run?>>(Task.FromResult<Run?>(run));
        try
        {
            await store.CommitAsync(start);
        }
        catch
        {
            runs.TryRemove(start.State.RunId, out _);
            throw;
        }

        Publish(run, start);
        return run;
    }

    /// <summary>Runs one start of a workflow id at a time.</summary>
    public async Task<T> StartingAsync<T>(string @namespace, string workflowId, Func<Task<T>> start)
    {
        var gate = starts[(uint)HashCode.Combine(@namespace, workflowId) % starts.Length];
        await gate.WaitAsync();
        try
        {
            return await start();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Offers again what was waiting when the last server stopped, and carries on with its due times.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var (runId, hasTasks, nextDue) in await store.PendingAsync(cancellationToken))
        {
            if (nextDue is { } at)
            {
                due.Set(runId, at);
            }

            if (hasTasks && await GetAsync(runId) is { } run)
            {
                Offer(run.State);
                SendOutbound(run);
            }
        }
    }

    /// <summary>Has runs look at the clock when their time comes, until the server stops.</summary>
    public async Task FollowClockAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var runId = await due.NextAsync(cancellationToken);
            _ = LookAtClockAsync(runId);
        }
    }

    private async Task LookAtClockAsync(string runId)
    {
        try
        {
            if (await GetAsync(runId) is { } run && RunChange.NextDue(run.State) is { } next && next.ToDateTimeOffset() <= clock.GetUtcNow())
            {
                await ApplyAsync(run, change =>
                {
                    if (change.State.Status == WorkflowExecutionStatus.Running)
                    {
                        change.HandleDue();
                    }

                    return true;
                });
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.ClockFailed(logger, runId, e);
        }
    }

    private async Task<Run?> GetAsync(string runId)
    {
        var entry = runs.GetOrAdd(runId, id => new Lazy<Task<Run?>>(async () => await store.LoadAsync(id) is { } state ? new Run(state) : null));
        var run = await entry.Value;
        if (run is null || (run.State.Status != WorkflowExecutionStatus.Running && run.State.Outbound.Count == 0))
        {
            runs.TryRemove(runId, out _);
        }

        return run;
    }

    private async Task CommitAsync(Run run, RunChange change)
    {
        Run? next = null;
        if (change.Successor is { } successor)
        {
            next = new Run(successor.State);
            runs[successor.State.RunId] = new Lazy<Task<Run?>>(Task.FromResult<Run?>(next));
        }

        await store.CommitAsync(change);
        Publish(run, change);
        if (next is not null)
        {
            Publish(next, change.Successor!);
        }
    }

    private void Publish(Run run, RunChange change)
    {
        run.Publish(change.State);
        foreach (var dispatch in change.Dispatches)
        {
            queues.Offer(change.State.Namespace, new QueuedTask(change.State.RunId, dispatch));
        }

        if (RunChange.NextDue(change.State) is { } next)
        {
            due.Set(change.State.RunId, next.ToDateTimeOffset());
        }

        SendOutbound(run);
        if (change.State.Status != WorkflowExecutionStatus.Running && change.State.Outbound.Count == 0)
        {
            runs.TryRemove(change.State.RunId, out _);
        }
    }

    private void Offer(RunState state)
    {
        if (state.Status != WorkflowExecutionStatus.Running)
        {
            return;
        }

        if (state.WorkflowTask is { StartedEventId: 0 } task)
        {
            queues.Offer(state.Namespace, new QueuedTask(state.RunId, RunChange.DispatchOf(state, task)));
        }

        foreach (var activity in state.Activities.Values.Where(a => a.Dispatched && a.StartedTime is null))
        {
            queues.Offer(state.Namespace, new QueuedTask(state.RunId, RunChange.DispatchOf(state, activity)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} failed to act on its due time.")]
        public static partial void ClockFailed(ILogger logger, string runId, Exception cause);

        [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} failed to act on another run.")]
        public static partial void SendingFailed(ILogger logger, string runId, Exception cause);
    }
}
