namespace Temporalio.Exceptions;

/// <summary>The server itself caused the failure.</summary>
public class ServerFailureException : FailureException
{
    internal ServerFailureException(Failure failure, Exception? inner)
        : base(failure, inner)
    {
    }

    public new Failure Failure => base.Failure!;

    public bool NonRetryable => Failure.ServerFailureInfo.NonRetryable;
}
