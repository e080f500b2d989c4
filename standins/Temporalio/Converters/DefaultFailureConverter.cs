using System.Text.Json;

namespace Temporalio.Converters;

/// <summary>Maps exceptions to Temporal's failure types and back.</summary>
public class DefaultFailureConverter : IFailureConverter
{
    public DefaultFailureConverter()
        : this(new())
    {
    }

    protected DefaultFailureConverter(DefaultFailureConverterOptions options) => Options = options;

    public DefaultFailureConverterOptions Options { get; private init; }

    public virtual Failure ToFailure(Exception exception, IPayloadConverter payloadConverter)
    {
        // A failure that came over the wire goes on as it came.
        if (exception is FailureException { Failure: { } known } && exception is not CanceledFailureException { Details: OutboundFailureDetails })
        {
            return known;
        }

        var failure = FailureWriter.Describe(exception, payloadConverter);
        failure.Message = exception.Message;
        failure.StackTrace = exception.StackTrace ?? string.Empty;
        failure.Cause = exception.InnerException is { } inner ? ToFailure(inner, payloadConverter) : null;
        if (Options.EncodeCommonAttributes)
        {
            failure.EncodedAttributes = payloadConverter.ToPayload(new Dictionary<string, string> { ["message"] = failure.Message, ["stack_trace"] = failure.StackTrace });
            failure.Message = "Encoded failure";
            failure.StackTrace = string.Empty;
        }

        return failure;
    }

    public virtual Exception ToException(Failure failure, IPayloadConverter payloadConverter)
    {
        if (failure.EncodedAttributes is { } encoded)
        {
            failure = failure.Clone();
            var attributes = payloadConverter.ToValue<JsonElement>(encoded);
            failure.Message = attributes.TryGetProperty("message", out var message) ? message.GetString() ?? string.Empty : failure.Message;
            failure.StackTrace = attributes.TryGetProperty("stack_trace", out var stack) ? stack.GetString() ?? string.Empty : failure.StackTrace;
        }

        var inner = failure.Cause is { } cause ? ToException(cause, payloadConverter) : null;
        return failure.FailureInfoCase switch
        {
            Failure.FailureInfoOneofCase.ApplicationFailureInfo => new ApplicationFailureException(failure, inner, payloadConverter),
            Failure.FailureInfoOneofCase.TimeoutFailureInfo => new TimeoutFailureException(failure, inner, payloadConverter),
            Failure.FailureInfoOneofCase.CanceledFailureInfo => new CanceledFailureException(failure, inner, payloadConverter),
            Failure.FailureInfoOneofCase.TerminatedFailureInfo => new TerminatedFailureException(failure, inner),
            Failure.FailureInfoOneofCase.ServerFailureInfo => new ServerFailureException(failure, inner),
            Failure.FailureInfoOneofCase.ActivityFailureInfo => new ActivityFailureException(failure, inner),
            Failure.FailureInfoOneofCase.ChildWorkflowExecutionFailureInfo => new ChildWorkflowFailureException(failure, inner),
            _ => new FailureException(failure, inner),
        };
    }

    /// <summary>Hides messages and stack traces in a payload, so that a codec can encrypt them.</summary>
    public class WithEncodedCommonAttributes : DefaultFailureConverter
    {
        public WithEncodedCommonAttributes()
            : base(new() { EncodeCommonAttributes = true })
        {
        }
    }
}
