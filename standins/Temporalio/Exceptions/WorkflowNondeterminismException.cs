namespace Temporalio.Exceptions;

/// <summary>Workflow code took another path than its history shows.</summary>
public class WorkflowNondeterminismException : InvalidWorkflowOperationException
{
    internal WorkflowNondeterminismException(string message)
        : base(message)
    {
    }
}
