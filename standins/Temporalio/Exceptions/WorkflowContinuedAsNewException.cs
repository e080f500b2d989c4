namespace Temporalio.Exceptions;

/// <summary>The run ended by continuing as a new one that the caller chose not to follow.</summary>
public class WorkflowContinuedAsNewException(string newRunId) : TemporalException("Workflow continued as new")
{
    public string NewRunId { get; private init; } = newRunId;
}
