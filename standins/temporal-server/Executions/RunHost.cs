using System.Collections.Concurrent;
using Mainstay.TemporalServer.Matching;
using Mainstay.TemporalServer.Storage;
using Mainstay.TemporalServer.Timers;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Keeps the runs that are at work: finds them, starts them, and tells of what is committed.</summary>
internal sealed partial class RunHost(Store store, RunCache runs, TaskQueues queues, DueTimes due, OpenWork work, SearchAttributeCatalog attributes, WorkflowClock clock, ILogger<RunHost> logger)
{
    private readonly ConcurrentDictionary<(string Namespace, string WorkflowId), string> current = new();
    private readonly SemaphoreSlim[] starts = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>How many transitions have been stored since the start.</summary>
    public long Transitions { get; private set; }

    /// <summary>Tells of every run that has ended without a run that goes on.</summary>
    public event Action<RunState>? Closed;

    /// <summary>The run of an id, or the newest of the workflow id; nothing when there is none.</summary>
    public async Task<Run?> FindAsync(string @namespace, string workflowId, string runId)
    {
        var run = runId.Length > 0 ? await runs.GetAsync(runId) : await FindNewestAsync(@namespace, workflowId);
        return run is not null && run.State.Namespace == @namespace && run.State.WorkflowId == workflowId ? run : null;
    }

    /// <summary>An open run by its id, or nothing.</summary>
    public async Task<Run?> GetOpenAsync(string runId) =>
        await runs.GetAsync(runId) is { State.Status: WorkflowExecutionStatus.Running } run ? run : null;

    /// <summary>Any run by its id, or nothing.</summary>
    public Task<Run?> GetAnyAsync(string runId) => runs.GetAsync(runId);

    /// <summary>Stores a new run; it is there for others once it is committed.</summary>
    public async Task<Run> AddAsync(RunChange start)
    {
        using var step = work.Begin();
        var run = new Run(start);
        var write = new PendingWrite(run, start, null, () => Publish(run, start));
        runs.Add(run, write.Stored.Task);
        run.Stored = store.CommitAsync(write);
        try
        {
            await run.Stored;
        }
        catch (StoreException e)
        {
            GiveUp(run, e);
            throw;
        }

        return run;
    }

    /// <summary>Lets runs that nobody has asked for since a time leave memory; returns how many.</summary>
    public int Rest(DateTimeOffset before)
    {
        var resting = runs.Rest(before);
        resting.ForEach(state => current.TryRemove(new((state.Namespace, state.WorkflowId), state.RunId)));
        return resting.Count;
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

            if (hasTasks && await runs.GetAsync(runId) is { } run)
            {
                Offer(run.State);
                work.Note(run.State);
                SendOutbound(run);
            }
        }
    }

    private async Task<Run?> FindNewestAsync(string @namespace, string workflowId)
    {
        var key = (@namespace, workflowId);
        if (current.TryGetValue(key, out var known) && await runs.GetAsync(known) is { State.Status: WorkflowExecutionStatus.Running } open)
        {
            return open;
        }

        while (true)
        {
            var id = await store.CurrentRunAsync(@namespace, workflowId);
            var run = id is null ? null : await runs.GetAsync(id);
            if (run is { State: { Status: not WorkflowExecutionStatus.Running, SuccessorRunId.Length: > 0 } } && await store.CurrentRunAsync(@namespace, workflowId) != id)
            {
                // It ended meanwhile, and the run that goes on is the one that is asked for.
                continue;
            }

            if (run is { State.Status: WorkflowExecutionStatus.Running })
            {
                current.TryAdd(key, id!);
            }

            return run;
        }
    }

    // Called by the store's writer, in the order of commits.
    private void Publish(Run run, RunChange change)
    {
        var state = change.State;
        Transitions++;
        if (change.Events is [{ EventType: EventType.WorkflowExecutionStarted }, ..])
        {
            current[(state.Namespace, state.WorkflowId)] = state.RunId;
        }

        run.Publish(state, change.Events);
        work.Note(state);
        foreach (var dispatch in change.Dispatches)
        {
            queues.Offer(state.Namespace, new QueuedTask(state.RunId, dispatch));
        }

        if (RunChange.NextDue(state) is { } next)
        {
            due.Set(state.RunId, next.ToDateTimeOffset());
        }

        SendOutbound(run);
        if (state is { Status: not WorkflowExecutionStatus.Running, SuccessorRunId.Length: 0 })
        {
            Closed?.Invoke(state);
        }

        if (RunCache.IsDone(state))
        {
            runs.Remove(state.RunId);
            current.TryRemove(new((state.Namespace, state.WorkflowId), state.RunId));
            due.Forget(state.RunId);
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
        [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} failed to act on its due time; it is looked at again.")]
        public static partial void ClockFailed(ILogger logger, string runId, Exception cause);

        [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} failed to act on another run; it tries again.")]
        public static partial void SendingFailed(ILogger logger, string runId, Exception cause);

        [LoggerMessage(Level = LogLevel.Error, Message = "A change of run {RunId} was not stored; the run is read again.")]
        public static partial void CommitFailed(ILogger logger, string runId, Exception cause);
    }
}
