namespace Temporalio.Exceptions;

/// <summary>Workflow code did what a workflow must not do; the task fails, the workflow does not.</summary>
public class InvalidWorkflowOperationException : TemporalException
{
    internal InvalidWorkflowOperationException(string message)
        : base(message)
    {
    }
}
