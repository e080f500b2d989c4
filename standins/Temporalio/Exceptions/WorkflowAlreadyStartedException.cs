namespace Temporalio.Exceptions;

/// <summary>A workflow of that id exists and the id policy forbids another.</summary>
public class WorkflowAlreadyStartedException(string message, string workflowId, string workflowType, string runId) : FailureException(message)
{
    [Obsolete("Use other constructor")]
    public WorkflowAlreadyStartedException(string message, string workflowId, string runId)
        : this(message, workflowId, "<unknown>", runId)
    {
    }

    public string WorkflowId { get; private init; } = workflowId;

    public string WorkflowType { get; private init; } = workflowType;

    public string RunId { get; private init; } = runId;
}
