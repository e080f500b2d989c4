using Temporalio.Api.Protocol.V1;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>The commands of a run in the order of its code, checked against history.</summary>
internal sealed class CommandBook
{
    private readonly List<PendingCommand> pending = [];
    private readonly List<Message> looseMessages = [];

    public IEnumerable<PendingCommand> Unsent => pending.Where(command => !command.Sent);

    /// <summary>Messages in order; those without a command of their own come first.</summary>
    public IEnumerable<Message> Messages => looseMessages.Concat(Unsent.Select(command => command.Message).OfType<Message>());

    public void Add(PendingCommand command) => pending.Add(command);

    public void AddLoose(Message message) => looseMessages.Add(message);

    /// <summary>Takes back a command that was not sent; says whether it was.</summary>
    public bool Withdraw(PendingCommand? command) => command is { Sent: false } && pending.Remove(command);

    /// <summary>Marks everything as sent with the answer of the task.</summary>
    public void Seal()
    {
        foreach (var command in pending)
        {
            command.Sent = true;
        }

        looseMessages.Clear();
    }

    /// <summary>Matches an event to the next command.</summary>
    public void Confirm(HistoryEvent historyEvent)
    {
        while (pending.Count > 0)
        {
            var next = pending[0];
            if (next.Expected == historyEvent.EventType && next.Matches(historyEvent))
            {
                pending.RemoveAt(0);
                next.Confirmed(historyEvent);
                return;
            }

            if (!next.Optional)
            {
                break;
            }

            pending.RemoveAt(0);
        }

        if (!PatchMarker.MayLackCommand(historyEvent))
        {
            throw new WorkflowNondeterminismException(
                $"[TMPRL1100] Nondeterminism error: history event {EventNames.Describe(historyEvent)} does not match " +
                (pending.Count == 0 ? "any command: the workflow produced none" : $"command {pending[0].Description}"));
        }
    }

    /// <summary>Fails if history lacks a command that the code produced.</summary>
    public void AssertConfirmed()
    {
        if (pending.Find(command => command.Sent && !command.Optional) is { } left)
        {
            throw new WorkflowNondeterminismException(
                $"[TMPRL1100] Nondeterminism error: the workflow produced command {left.Description}, but history has no event for it");
        }

        pending.RemoveAll(command => command.Sent);
    }
}
