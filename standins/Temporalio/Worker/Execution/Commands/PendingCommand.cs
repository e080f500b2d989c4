using Temporalio.Api.Command.V1;
using Temporalio.Api.Protocol.V1;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>A command that waits for the event that confirms it.</summary>
internal sealed class PendingCommand(Command command, EventType expected, string description)
{
    public Command Command { get; } = command;

    public EventType Expected { get; } = expected;

    /// <summary>How an error names the command.</summary>
    public string Description { get; } = description;

    /// <summary>The message that a protocol command points to.</summary>
    public Message? Message { get; init; }

    /// <summary>Whether an event of the expected type is for this command.</summary>
    public Func<HistoryEvent, bool> Matches { get; init; } = static _ => true;

    public Action<HistoryEvent> Confirmed { get; init; } = static _ => { };

    /// <summary>Whether history may lack the event: older SDKs did not send the command.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether the command has left with a task's answer, so that it cannot be taken back.</summary>
    public bool Sent { get; set; }
}
