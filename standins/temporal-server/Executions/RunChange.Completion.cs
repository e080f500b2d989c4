using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>What a worker's completion of the workflow task does to the run.</summary>
internal sealed partial class RunChange
{
    /// <summary>Update requests by id, as clients made them; needed when a worker accepts one.</summary>
    public Func<string, Temporalio.Api.Update.V1.Request?> UpdateRequests { get; init; } = _ => null;

    /// <summary>Checks search attributes and notes their types in them.</summary>
    public Func<Temporalio.Api.Common.V1.SearchAttributes?, Temporalio.Api.Common.V1.SearchAttributes?> CheckAttributes { get; init; } = asked => asked;

    /// <summary>Updates that the worker refused, with its reason.</summary>
    public List<(string UpdateId, Temporalio.Api.Failure.V1.Failure Failure)> Rejected { get; } = [];

    /// <summary>True when a task made for updates alone vanished with their refusal.</summary>
    public bool Vanished { get; private set; }

    /// <summary>Applies the commands and messages of a completed workflow task; throws <see cref="BadCommandException"/> when one is unacceptable.</summary>
    public void CompleteTask(RespondWorkflowTaskCompletedRequest request)
    {
        var task = State.WorkflowTask;
        if (request.Commands.Any(c => IsClosing(c.CommandType)) && State.Buffered.Count > 0)
        {
            throw new BadCommandException(WorkflowTaskFailedCause.UnhandledCommand, "UnhandledCommand");
        }

        if (task is { Speculative: true, Written: false } && request.Commands.Count == 0
            && request.Messages.Count > 0 && request.Messages.All(m => m.Body is not null && m.Body.Is(Temporalio.Api.Update.V1.Rejection.Descriptor)))
        {
            State.WorkflowTask = null;
            Vanished = true;
        }
        else
        {
            WriteTask(task);
            var completed = Append(new HistoryEvent
            {
                EventType = EventType.WorkflowTaskCompleted,
                WorkflowTaskCompletedEventAttributes = new()
                {
                    ScheduledEventId = task.ScheduledEventId,
                    StartedEventId = task.StartedEventId,
                    Identity = request.Identity,
                    BinaryChecksum = request.BinaryChecksum,
                    SdkMetadata = request.SdkMetadata,
                    MeteringMetadata = request.MeteringMetadata,
                    WorkerVersion = request.WorkerVersionStamp,
                },
            });
            State.WorkflowTask = null;
            State.LastCompletedTaskStartedId = task.StartedEventId;
            State.FirstCompletedTaskId = State.FirstCompletedTaskId == 0 ? completed.EventId : State.FirstCompletedTaskId;
            completedId = completed.EventId;
        }

        State.StickyQueue = request.StickyAttributes?.WorkerTaskQueue;
        State.StickyTimeout = request.StickyAttributes?.ScheduleToStartTimeout;
        WireTimes.Cap(State.StickyTimeout);
        worker = request.Identity;
        var messages = new Dictionary<string, Message>();
        foreach (var message in request.Messages)
        {
            if (message.Body is null || !messages.TryAdd(message.Id, message))
            {
                throw BadMessage("a message has no body, or its id twice");
            }
        }

        for (var i = 0; i < request.Commands.Count; i++)
        {
            var command = request.Commands[i];
            if (!Open)
            {
                throw new InvalidCompletionException(
                    $"invalid command sequence: [{string.Join(", ", request.Commands.Select(c => c.CommandType))}], command {request.Commands[i - 1].CommandType} must be the last command.");
            }

            if (command.CommandType == CommandType.ProtocolMessage && messages.Remove(command.ProtocolMessageCommandAttributes?.MessageId ?? "", out var message))
            {
                Apply(message);
            }
            else
            {
                Apply(command);
            }
        }

        foreach (var message in messages.Values)
        {
            Apply(message);
        }

        wake |= request.ForceCreateNewWorkflowTask;
    }

    private long completedId;
    private string worker = "";

    private static bool IsClosing(CommandType type) => type
        is CommandType.CompleteWorkflowExecution or CommandType.FailWorkflowExecution
        or CommandType.CancelWorkflowExecution or CommandType.ContinueAsNewWorkflowExecution;
}

/// <summary>A command that the run cannot carry out: the workflow task fails with its cause.</summary>
internal sealed class BadCommandException(WorkflowTaskFailedCause cause, string message, bool fatal = false) : Exception(message)
{
    /// <summary>True when no other attempt could do better: the run ends.</summary>
    public bool Fatal { get; } = fatal;

    /// <summary>The cause written into the history.</summary>
    public WorkflowTaskFailedCause Cause { get; } = cause;
}

/// <summary>A completion that makes no sense as a whole: refused, and the task stays with the worker.</summary>
internal sealed class InvalidCompletionException(string message) : Exception(message);
