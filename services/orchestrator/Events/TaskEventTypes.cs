namespace Mainstay.Orchestrator.Events;

/// <summary>The types of a task's events.</summary>
internal static class TaskEventTypes
{
    public const string Started = "workflow.started";
    public const string Completed = "workflow.completed";
    public const string Failed = "workflow.failed";
    public const string Cancelled = "workflow.cancelled";
    public const string Stopped = "workflow.stopped";
    public const string Paused = "workflow.paused";
    public const string Resumed = "workflow.resumed";
    public const string IterationStarted = "iteration.started";
    public const string IterationCompleted = "iteration.completed";
    public const string LlmCallStarted = "llm_call.started";
    public const string LlmCallChunk = "llm_call.chunk";
    public const string LlmCallCompleted = "llm_call.completed";
    public const string LlmCallFailed = "llm_call.failed";
    public const string ToolCallStarted = "tool_call.started";
    public const string ToolCallCompleted = "tool_call.completed";
    public const string ToolCallFailed = "tool_call.failed";
    public const string ToolCallDenied = "tool_call.denied";
    public const string ApprovalRequested = "human_approval.requested";
    public const string ApprovalReceived = "human_approval.received";
    public const string AnswerRejected = "answer.rejected";
    public const string BudgetWarning = "budget.warning";
    public const string BudgetExceeded = "budget.exceeded";
}
