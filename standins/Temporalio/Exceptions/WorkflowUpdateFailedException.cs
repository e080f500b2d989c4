namespace Temporalio.Exceptions;

/// <summary>An update was rejected or failed; the reason is the inner exception.</summary>
public class WorkflowUpdateFailedException(Exception? inner) : TemporalException("Workflow update failed", inner);
