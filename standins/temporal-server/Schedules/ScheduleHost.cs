using System.Text.Json;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Storage;
using Mainstay.TemporalServer.Timers;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>Keeps schedules: each is read, changed and stored under its gate, then acts, and is looked at again when its next time comes or a workflow of it ends.</summary>
internal sealed partial class ScheduleHost(Store store, RunHost runs, ScheduleActions actions, OpenWork work, WorkflowClock clock, ILogger<ScheduleHost> logger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>When which schedule is looked at.</summary>
    public DueTimes Due { get; } = new(clock, work);

    /// <summary>A schedule as it is stored, or nothing.</summary>
    public Task<ScheduleRecord?> FindAsync(string @namespace, string scheduleId) => store.LoadScheduleAsync(@namespace, scheduleId);

    /// <summary>Adds a schedule, unless there is one of its id already: then that one is returned.</summary>
    public async Task<ScheduleRecord?> AddAsync(ScheduleRecord record, Action<ScheduleChange> first)
    {
        using var step = work.Begin();
        using var gate = await EnterAsync(record.Namespace, record.ScheduleId);
        if (await store.LoadScheduleAsync(record.Namespace, record.ScheduleId) is { } there)
        {
            return there;
        }

        var change = new ScheduleChange(record, clock.GetUtcNow());
        first(change);
        await AdvanceAsync(change);
        return null;
    }

    /// <summary>Changes a schedule, has it act, and returns it; nothing when there is none.</summary>
    public async Task<ScheduleRecord?> ChangeAsync(string @namespace, string scheduleId, Action<ScheduleChange> act)
    {
        using var step = work.Begin();
        using var gate = await EnterAsync(@namespace, scheduleId);
        if (await store.LoadScheduleAsync(@namespace, scheduleId) is not { } record)
        {
            return null;
        }

        var change = new ScheduleChange(record, clock.GetUtcNow());
        await RefreshAsync(change);
        // What has come until now comes under the description as it was.
        change.TakeTimes();
        act(change);
        await AdvanceAsync(change);
        return change.Record;
    }

    /// <summary>Deletes a schedule; the workflows it started go on. False when there is none.</summary>
    public async Task<bool> DeleteAsync(string @namespace, string scheduleId)
    {
        using var gate = await EnterAsync(@namespace, scheduleId);
        return await store.DeleteScheduleAsync(@namespace, scheduleId);
    }

    /// <summary>Has schedules act when their times come, until the server stops.</summary>
    public async Task FollowClockAsync(CancellationToken cancellationToken)
    {
        runs.Closed += OnClosed;
        foreach (var (@namespace, scheduleId) in await store.SchedulesAsync(cancellationToken))
        {
            Due.Set(Key(@namespace, scheduleId), clock.GetUtcNow());
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            _ = LookAtAsync(await Due.NextAsync(cancellationToken));
        }
    }

    private async Task LookAtAsync(string key)
    {
        var parts = key.Split('\n');
        try
        {
            await ChangeAsync(parts[0], parts[1], _ => { });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Failed(logger, parts[1], e);
            Due.Set(key, clock.GetUtcNow() + RetryPause);
        }
        finally
        {
            work.End();
        }
    }

    // What is to be started is stored first: after a crash it is started again under the same request id, which starts nothing twice.
    private async Task AdvanceAsync(ScheduleChange change)
    {
        var record = change.Record;
        change.TakeTimes();
        change.Decide();
        await store.SaveScheduleAsync(record, change.NextDue());
        foreach (var (execution, terminate) in change.Ends)
        {
            await actions.EndAsync(record, execution, terminate);
        }

        if (record.Starting.Count > 0)
        {
            foreach (var action in record.Starting.ToList())
            {
                change.Started(action, await actions.StartAsync(record, action));
            }

            await store.SaveScheduleAsync(record, change.NextDue());
        }

        if (change.NextDue() is { } next)
        {
            Due.Set(Key(record.Namespace, record.ScheduleId), next);
        }
    }

    private async Task RefreshAsync(ScheduleChange change)
    {
        foreach (var execution in change.Record.Info.RunningWorkflows.ToList())
        {
            var run = await runs.GetAnyAsync(execution.RunId);
            while (run is { State.SuccessorRunId.Length: > 0 })
            {
                run = await runs.GetAnyAsync(run.State.SuccessorRunId);
            }

            if (run is null)
            {
                change.Ended(execution, WorkflowExecutionStatus.Terminated, null, null);
            }
            else if (run.State.Status != WorkflowExecutionStatus.Running)
            {
                var end = run.State.CloseEvent;
                change.Ended(execution, run.State.Status, end.WorkflowExecutionCompletedEventAttributes?.Result, end.WorkflowExecutionFailedEventAttributes?.Failure ?? TimedOut(run.State));
            }
        }
    }

    private static Failure? TimedOut(RunState state) => state.Status != WorkflowExecutionStatus.TimedOut ? null : new Failure
    {
        Message = "workflow timeout",
        Source = "Server",
        TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose },
    };

    private void OnClosed(RunState state)
    {
        if (state.SearchAttributes?.IndexedFields.TryGetValue(ScheduleActions.ScheduledBy, out Payload? by) == true)
        {
            Due.Set(Key(state.Namespace, JsonSerializer.Deserialize<string>(by.Data.Span)!), clock.GetUtcNow());
        }
    }

    private async Task<Gate> EnterAsync(string @namespace, string scheduleId)
    {
        var gate = gates[(uint)HashCode.Combine(@namespace, scheduleId) % gates.Length];
        await gate.WaitAsync();
        return new Gate(gate);
    }

    private static string Key(string @namespace, string scheduleId) => $"{@namespace}\n{scheduleId}";

    private readonly struct Gate(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Schedule {ScheduleId} failed to act; it is looked at again.")]
        public static partial void Failed(ILogger logger, string scheduleId, Exception cause);
    }
}
