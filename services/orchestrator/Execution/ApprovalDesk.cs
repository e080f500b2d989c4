using Temporalio.Exceptions;

namespace Mainstay.Orchestrator.Execution;

/// <summary>The tool calls of one run that wait for a person: each takes one decision, about exactly its arguments.</summary>
internal sealed class ApprovalDesk
{
    private readonly Dictionary<string, Waiting> waiting = [];

    /// <summary>Opens a wait.</summary>
    public void Open(ToolCallReference call, string argumentsDigest) => waiting[call.ToolCallId] = new(call, argumentsDigest);

    /// <summary>Refuses a decision that nothing waits for, or that is about other arguments.</summary>
    public void Check(ToolCallDecision decision)
    {
        if (!waiting.TryGetValue(decision.ToolCallId, out var entry) || entry.IsTaken)
        {
            throw new ApplicationFailureException("No such tool call waits for a decision.", errorType: ToolCallDecision.NotPending);
        }

        if (decision.IsApproved && decision.ArgumentsDigest != entry.ArgumentsDigest)
        {
            throw new ApplicationFailureException("The decision is about other arguments.", errorType: ToolCallDecision.ArgumentsChanged);
        }
    }

    /// <summary>Takes a decision, after which there is no other.</summary>
    public ToolCallReference Take(ToolCallDecision decision)
    {
        Check(decision);
        var entry = waiting[decision.ToolCallId];
        entry.IsTaken = true;
        return entry.Call;
    }

    /// <summary>Takes the decision that time has made; false when a person's came first.</summary>
    public bool TakeExpired(ToolCallReference call)
    {
        var entry = waiting[call.ToolCallId];
        var first = !entry.IsTaken;
        entry.IsTaken = true;
        return first;
    }

    /// <summary>Lets the run see a decision that is on record.</summary>
    public void Release(ToolCallDecision decision) => waiting[decision.ToolCallId].Decision = decision;

    /// <summary>Whether a decision is on record.</summary>
    public bool IsDecided(ToolCallReference call) => waiting[call.ToolCallId].Decision is not null;

    /// <summary>Ends a wait with its decision.</summary>
    public ToolCallDecision Close(ToolCallReference call) =>
        waiting.Remove(call.ToolCallId, out var entry) ? entry.Decision! : throw new InvalidOperationException($"Nothing waits for {call.ToolCallId}.");

    private sealed class Waiting(ToolCallReference call, string argumentsDigest)
    {
        public ToolCallReference Call => call;
        public string ArgumentsDigest => argumentsDigest;
        public bool IsTaken { get; set; }
        public ToolCallDecision? Decision { get; set; }
    }
}
