using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>One transition of a run: changes a copy of its state and gathers the events and dispatches that follow; it does no I/O.</summary>
internal sealed partial class RunChange(RunState state, DateTimeOffset now)
{
    private bool wake;
    private bool writingTask;

    /// <summary>The state as this transition leaves it.</summary>
    public RunState State { get; } = state;

    /// <summary>The events to append to the history, in order and with their ids.</summary>
    public List<HistoryEvent> Events { get; } = [];

    /// <summary>Tasks that workers may have once the transition is committed.</summary>
    public List<TaskDispatch> Dispatches { get; } = [];

    /// <summary>Activities that the worker which scheduled them asked to have at once, with the answer to its completion.</summary>
    public List<Activity> Eager { get; } = [];

    /// <summary>The run that takes over, stored in the same commit.</summary>
    public RunChange? Successor { get; private set; }

    /// <summary>Updates that a new run is asked for along with its start, by their ids: the first workflow task brings them.</summary>
    public Dictionary<string, PendingUpdate> Admitted { get; } = [];

    private Timestamp Now { get; } = Timestamp.FromDateTimeOffset(now);

    private bool Open => State.Status == WorkflowExecutionStatus.Running;

    /// <summary>Opens a transition on a copy, so that a refused one leaves nothing behind.</summary>
    public static RunChange On(RunState state, DateTimeOffset now) => new(state.Clone(), now);

    /// <summary>Closes the transition: writes what was held, and asks for a workflow task if something happened.</summary>
    public RunChange Finish()
    {
        if (Open && State.WorkflowTask is not { StartedEventId: > 0 })
        {
            Flush();
        }

        if (Open)
        {
            EndIfTooLarge();
        }

        if (Open && wake && State.WorkflowTask is null && !State.FirstTaskPending)
        {
            ScheduleTask();
        }

        State.StateTransitions++;
        return this;
    }

    private HistoryEvent Append(HistoryEvent happened)
    {
        if (!writingTask && State.WorkflowTask is { Speculative: true, Written: false, StartedEventId: 0 } task)
        {
            WriteScheduled(task);
        }

        happened.EventId = State.NextEventId++;
        happened.EventTime ??= Now;
        happened.TaskId = happened.EventId;
        Events.Add(happened);
        State.HistoryBytes += happened.CalculateSize();
        return happened;
    }

    // What comes from outside waits while a worker holds the workflow task, and is written behind the commands of a completion.
    private void Hold(HistoryEvent happened)
    {
        happened.EventTime = Now;
        State.Buffered.Add(happened);
    }

    private bool Flush()
    {
        if (State.Buffered.Count == 0)
        {
            return false;
        }

        var held = State.Buffered.ToList();
        State.Buffered.Clear();
        var started = new Dictionary<long, long>();
        foreach (var happened in held.Where(e => !EventKinds.IsEnd(e.EventType)).Concat(held.Where(e => EventKinds.IsEnd(e.EventType))))
        {
            EventKinds.LinkStarted(happened, started);
            Append(happened);
            EventKinds.RememberStarted(happened, started, State);
        }

        return wake = true;
    }
}

/// <summary>A task to hand to matching after the commit.</summary>
internal sealed record TaskDispatch(bool Workflow, string Queue, bool Sticky, long ScheduledEventId, int Attempt, string NormalQueue);
