namespace Temporalio.Exceptions;

/// <summary>The workflow did not succeed; the reason is the inner exception.</summary>
public class WorkflowFailedException(Exception? inner) : TemporalException("Workflow failed", inner);
