namespace Temporalio.Exceptions;

/// <summary>An activity, child workflow or workflow was cancelled.</summary>
public class CanceledFailureException : FailureException
{
    internal CanceledFailureException(string message, IReadOnlyCollection<object?>? details = null)
        : base(new Failure { Message = message, CanceledFailureInfo = new() }, null) =>
        Details = new OutboundFailureDetails(details);

    internal CanceledFailureException(Failure failure, Exception? inner, IPayloadConverter converter)
        : base(failure, inner) =>
        Details = new InboundFailureDetails(converter, failure.CanceledFailureInfo.Details?.Payloads_);

    public new Failure Failure => base.Failure!;

    public IFailureDetails Details { get; protected init; }
}
