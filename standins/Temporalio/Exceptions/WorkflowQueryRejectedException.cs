namespace Temporalio.Exceptions;

/// <summary>The query was refused for the state of the workflow.</summary>
public class WorkflowQueryRejectedException(WorkflowExecutionStatus workflowStatus) : TemporalException($"Query rejected, workflow status: {workflowStatus}")
{
    public WorkflowExecutionStatus WorkflowStatus { get; private init; } = workflowStatus;
}
