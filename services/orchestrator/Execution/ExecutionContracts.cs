using Mainstay.Orchestrator.Events;

namespace Mainstay.Orchestrator.Execution;

// What travels between the workflow and its activities, and so lies in histories: references and numbers, never a prompt, an answer or a tool's arguments.

/// <summary>Asks for a run of the stored task whose id is the workflow's.</summary>
/// <param name="Continued">Where the run before left off, when a long history begins anew; else null.</param>
public sealed record AgentExecutionRequest(RunState? Continued);

/// <summary>How a run ended.</summary>
/// <param name="Status">Name of the contract's TaskStatus.</param>
/// <param name="TerminationReason">Name of the contract's TerminationReason.</param>
/// <param name="Iterations">Model calls.</param>
/// <param name="CostMicroUsd">Cost, in millionths of a US dollar.</param>
public sealed record AgentExecutionResult(string Status, string TerminationReason, int Iterations, long CostMicroUsd);

/// <summary>What the run is bounded by, and how much of the transcript its beginning took.</summary>
/// <param name="MaxIterations">The most model calls.</param>
/// <param name="BudgetMicroUsd">The most money, in millionths of a US dollar.</param>
/// <param name="Timeout">The longest it may work.</param>
/// <param name="ApprovalTimeout">The longest it waits for a person.</param>
/// <param name="TranscriptLength">Messages of the beginning.</param>
/// <param name="MaxTotalTokens">The most tokens of prompts and answers; 0 for no limit.</param>
/// <param name="MaxModelRetries">How often a model call is tried again; null for the usual.</param>
public sealed record RunPlan(
    int MaxIterations, long BudgetMicroUsd, TimeSpan Timeout, TimeSpan ApprovalTimeout, int TranscriptLength, long MaxTotalTokens = 0, int? MaxModelRetries = null);

/// <summary>Where a run stands.</summary>
/// <param name="Plan">Its bounds.</param>
/// <param name="TranscriptLength">Messages in the transcript.</param>
/// <param name="Iteration">Model calls so far.</param>
/// <param name="InputTokens">Prompt tokens so far.</param>
/// <param name="OutputTokens">Answer tokens so far.</param>
/// <param name="CostMicroUsd">Cost so far.</param>
/// <param name="Worked">Time so far, without waiting for people.</param>
/// <param name="Repairs">Answers in a row that did not validate.</param>
/// <param name="IsBudgetWarned">Whether the budget's warning was given.</param>
public sealed record RunState(
    RunPlan Plan,
    int TranscriptLength,
    int Iteration = 0,
    long InputTokens = 0,
    long OutputTokens = 0,
    long CostMicroUsd = 0,
    TimeSpan Worked = default,
    int Repairs = 0,
    bool IsBudgetWarned = false);

/// <summary>Asks a model to continue a task's transcript.</summary>
public sealed record ModelCall(string TaskId, RunState State);

/// <summary>What a model answered: its message stands in the transcript.</summary>
public sealed record ModelTurn(IReadOnlyList<ToolCallReference> ToolCalls, long InputTokens, long OutputTokens, long CostMicroUsd);

/// <summary>A tool call that a model asked for; its arguments stand in the transcript.</summary>
/// <param name="MessagePosition">The assistant's message.</param>
/// <param name="Index">Which of the message's calls.</param>
/// <param name="ToolCallId">The call's id, unique within the task.</param>
public sealed record ToolCallReference(int MessagePosition, int Index, string ToolCallId)
{
    /// <summary>Where the call's result stands in the transcript.</summary>
    public int ResultPosition => MessagePosition + 1 + Index;
}

/// <summary>Asks for a tool call to be made.</summary>
public sealed record ToolRun(string TaskId, ToolCallReference Call, ToolCallDecision? Approval);

/// <summary>How a tool call went.</summary>
/// <param name="NeedsApproval">Whether nothing was called, because a person must approve first.</param>
/// <param name="ArgumentsDigest">SHA-256 of the arguments' canonical JSON.</param>
/// <param name="Reason">The rule that decided, and why.</param>
public sealed record ToolRunResult(bool NeedsApproval, string ArgumentsDigest, string Reason);

/// <summary>A person's decision about one tool call.</summary>
/// <param name="ToolCallId">The tool call.</param>
/// <param name="IsApproved">Whether it may be made.</param>
/// <param name="ArgumentsDigest">The arguments that were shown; empty for a rejection.</param>
/// <param name="Decider">Who decided; empty when nobody did in time.</param>
/// <param name="Comment">A remark; told to the agent when it is rejected.</param>
public sealed record ToolCallDecision(string ToolCallId, bool IsApproved, string ArgumentsDigest, string Decider, string Comment)
{
    /// <summary>The failure type of a decision that nothing waits for.</summary>
    public const string NotPending = "ApprovalNotPending";

    /// <summary>The failure type of a decision about other arguments.</summary>
    public const string ArgumentsChanged = "ArgumentsChanged";

    /// <summary>The decision that stands when nobody decided in time.</summary>
    public static ToolCallDecision Expired(string toolCallId) => new(toolCallId, false, "", "", "Nobody approved it in time.");
}

/// <summary>A tool call that waits for a person.</summary>
public sealed record ApprovalRequest(string TaskId, ToolCallReference Call, string ArgumentsDigest, string Reason, DateTime ExpireTime);

/// <summary>A decision to record.</summary>
public sealed record DecisionRecord(string TaskId, ToolCallReference Call, ToolCallDecision Decision);

/// <summary>An answer to check.</summary>
public sealed record AnswerCheck(string TaskId, int MessagePosition, int Iteration);

/// <summary>Whether an answer is one; when not, the transcript says to the model what to mend.</summary>
public sealed record AnswerVerdict(bool IsValid, string Problem);

/// <summary>Events to record, and the status that goes with them.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Status">Name of the contract's TaskStatus; null leaves it.</param>
/// <param name="Events">The events.</param>
public sealed record RunProgress(string TaskId, string? Status, IReadOnlyList<NewTaskEvent> Events);

/// <summary>The end of a run.</summary>
public sealed record RunClosing(string TaskId, string Status, string TerminationReason, string FailureMessage, int? AnswerPosition, RunState? State);
