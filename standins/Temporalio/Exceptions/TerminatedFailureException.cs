namespace Temporalio.Exceptions;

/// <summary>The workflow was terminated.</summary>
public class TerminatedFailureException : FailureException
{
    internal TerminatedFailureException(Failure failure, Exception? inner, IFailureDetails? details = null)
        : base(failure, inner) => Details = details;

    public new Failure Failure => base.Failure!;

    public IFailureDetails? Details { get; protected init; }
}
