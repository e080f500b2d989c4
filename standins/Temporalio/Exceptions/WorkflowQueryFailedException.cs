namespace Temporalio.Exceptions;

/// <summary>A query handler failed.</summary>
public class WorkflowQueryFailedException(string message) : TemporalException(message);
