namespace Temporalio.Exceptions;

/// <summary>Base of every exception that this SDK throws.</summary>
public abstract class TemporalException : Exception
{
    protected TemporalException()
    {
    }

    protected TemporalException(string message)
        : base(message)
    {
    }

    protected TemporalException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Whether the exception means cancellation, also when an activity or child workflow reports it.</summary>
    public static bool IsCanceledException(Exception e) =>
        e is OperationCanceledException or CanceledFailureException ||
        (e is ActivityFailureException or ChildWorkflowFailureException && e.InnerException is CanceledFailureException);
}
