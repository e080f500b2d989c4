namespace Temporalio.Exceptions;

/// <summary>Base of the exceptions that travel as Temporal failures.</summary>
public class FailureException : TemporalException
{
    internal FailureException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    internal FailureException(Failure failure, Exception? inner)
        : base(failure.Message, inner) => Failure = failure;

    /// <summary>The failure as it came over the wire; null for an exception made here.</summary>
    public Failure? Failure { get; protected init; }

    public override string? StackTrace
    {
        get
        {
            var own = base.StackTrace;
            return Failure is not { StackTrace.Length: > 0 } failure
                ? own
                : string.IsNullOrEmpty(own) ? failure.StackTrace : failure.StackTrace + Environment.NewLine + own;
        }
    }
}
