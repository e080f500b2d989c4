namespace Temporalio.Exceptions;

/// <summary>An activity failed; the reason is the inner exception.</summary>
public class ActivityFailureException : FailureException
{
    internal ActivityFailureException(Failure failure, Exception? inner)
        : base(failure, inner)
    {
    }

    public new Failure Failure => base.Failure!;

    public string? Identity => Failure.ActivityFailureInfo.Identity.Length == 0 ? null : Failure.ActivityFailureInfo.Identity;

    public string ActivityType => Failure.ActivityFailureInfo.ActivityType.Name;

    public string ActivityId => Failure.ActivityFailureInfo.ActivityId;

    public RetryState RetryState => Failure.ActivityFailureInfo.RetryState;
}
