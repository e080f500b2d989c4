using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Converters;
using Temporalio.Worker.Execution;
using Temporalio.Workflows;

namespace Temporalio.Tests.Execution;

/// <summary>Plays the server for one run: writes history, hands out tasks and takes their commands.</summary>
internal sealed class RunDriver
{
    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    private readonly Type workflowType;
    private readonly List<HistoryEvent> events = [];
    private WorkflowRun? run;

    /// <summary>Gets what the worker logs of the run.</summary>
    public Microsoft.Extensions.Logging.ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The version of the worker, which its answers leave in history.</summary>
    public Common.WorkerDeploymentVersion? Version { get; set; }

    /// <summary>Why the server suggests to continue as new.</summary>
    public IReadOnlyList<Api.Enums.V1.SuggestContinueAsNewReason> Reasons { get; set; } = [];

    public RunDriver(Type workflowType, params object?[] arguments)
    {
        this.workflowType = workflowType;
        Add(new()
        {
            EventType = EventType.WorkflowExecutionStarted,
            WorkflowExecutionStartedEventAttributes = new()
            {
                WorkflowType = new() { Name = workflowType.Name },
                TaskQueue = new() { Name = "queue" },
                Input = Payloads(arguments),
                OriginalExecutionRunId = "run",
                FirstExecutionRunId = "run",
                Attempt = 1,
            }
        });
    }

    public IReadOnlyList<HistoryEvent> Events => events;

    public WorkflowRun Run => run!;

    public IReadOnlyList<Command> Commands { get; private set; } = [];

    public IReadOnlyList<Message> Messages { get; private set; } = [];

    public static Payloads Payloads(params object?[] values) => new() { Payloads_ = { DataConverter.Default.PayloadConverter.ToPayloads(values) } };

    public HistoryEvent Add(HistoryEvent historyEvent)
    {
        historyEvent.EventId = events.Count + 1;
        historyEvent.EventTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(Noon.AddSeconds(historyEvent.EventId));
        events.Add(historyEvent);
        return historyEvent;
    }

    public void Signal(string name, params object?[] arguments) => Add(new()
    {
        EventType = EventType.WorkflowExecutionSignaled,
        WorkflowExecutionSignaledEventAttributes = new() { SignalName = name, Input = Payloads(arguments) },
    });

    public void CompleteActivity(object? result) => Add(new()
    {
        EventType = EventType.ActivityTaskCompleted,
        ActivityTaskCompletedEventAttributes = new() { ScheduledEventId = Last(EventType.ActivityTaskScheduled), Result = Payloads(result) },
    });

    public void FireTimer(string id) => Add(new()
    {
        EventType = EventType.TimerFired,
        TimerFiredEventAttributes = new() { TimerId = id, StartedEventId = Last(EventType.TimerStarted) },
    });

    public void RequestCancel() => Add(new()
    {
        EventType = EventType.WorkflowExecutionCancelRequested,
        WorkflowExecutionCancelRequestedEventAttributes = new(),
    });

    public Message Update(string id, string name, params object?[] arguments) => new()
    {
        Id = $"{id}/request",
        ProtocolInstanceId = id,
        EventId = events.Count,
        Body = Google.Protobuf.WellKnownTypes.Any.Pack(new Api.Update.V1.Request { Meta = new() { UpdateId = id }, Input = new() { Name = name, Args = Payloads(arguments) } }),
    };

    public long Last(EventType type) => events.Last(e => e.EventType == type).EventId;

    /// <summary>One workflow task on the cached run; its commands become events.</summary>
    public RunDriver Task(params Message[] messages)
    {
        var seen = run?.LastEventId ?? 0;
        BeginTask();
        run ??= Create(workflowType);
        Activate(run, events.Where(e => e.EventId > seen), messages);
        if (run.TaskFailure is null)
        {
            Complete();
        }

        return this;
    }

    /// <summary>The same history on a new run of a workflow type, by default the same; gives what made it fail.</summary>
    public Exception? Replay(Type? type = null)
    {
        run = Create(type ?? workflowType);
        Activate(run, events, []);
        return run.TaskFailure;
    }

    public WorkflowRun Create(Type type) => new(
        new("default", "queue", WorkflowDefinition.Create(type), DataConverter.Default.PayloadConverter, DataConverter.Default.FailureConverter, [], [], LoggerFactory,
            Runtime.Metrics.SilentMeter.Instance, Version),
        events[0],
        "workflow",
        "run");

    public static void Activate(WorkflowRun run, IEnumerable<HistoryEvent> history, IReadOnlyList<Message> messages)
    {
        foreach (var stretch in HistoryCutter.Cut([.. history], run.LastStartedId))
        {
            run.Activate(stretch.Live ? stretch with { Messages = messages } : stretch);
        }
    }

    public void BeginTask()
    {
        Add(new() { EventType = EventType.WorkflowTaskScheduled, WorkflowTaskScheduledEventAttributes = new() });
        Add(new() { EventType = EventType.WorkflowTaskStarted, WorkflowTaskStartedEventAttributes = new() { SuggestContinueAsNew = Reasons.Count > 0, SuggestContinueAsNewReasons = { Reasons } } });
    }

    /// <summary>Takes the commands of the task and writes their events.</summary>
    public void Complete()
    {
        run!.Seal();
        Commands = [.. run.Book.Unsent.Select(command => command.Command)];
        Messages = [.. run.Book.Messages];
        run.Book.Seal();
        Add(new() { EventType = EventType.WorkflowTaskCompleted, WorkflowTaskCompletedEventAttributes = new() { StartedEventId = run.LastStartedId, DeploymentVersion = Version?.ToProto() } });
        foreach (var command in Commands)
        {
            Add(CommandRecorder.EventOf(command, Messages));
        }
    }
}
