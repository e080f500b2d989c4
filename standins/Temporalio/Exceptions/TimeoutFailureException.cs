namespace Temporalio.Exceptions;

/// <summary>An activity, child workflow or workflow ran out of time.</summary>
public class TimeoutFailureException : FailureException
{
    internal TimeoutFailureException(Failure failure, Exception? inner, IPayloadConverter converter)
        : base(failure, inner) =>
        LastHeartbeatDetails = new(converter, failure.TimeoutFailureInfo?.LastHeartbeatDetails?.Payloads_);

    public new Failure Failure => base.Failure!;

    public TimeoutType TimeoutType => Failure.TimeoutFailureInfo?.TimeoutType ?? TimeoutType.Unspecified;

    public InboundFailureDetails LastHeartbeatDetails { get; protected init; }
}
