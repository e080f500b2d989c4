using Temporalio.Api.Failure.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Converters;

public sealed class FailureTests
{
    [Fact]
    public void Failure_ToTheWireAndBack_KeepsTypeMessageDetailsAndCause()
    {
        var converter = DataConverter.Default;
        var thrown = new ApplicationFailureException("too hot", new InvalidOperationException("sensor 7"), errorType: "Heat", nonRetryable: true, details: [42, "C"], nextRetryDelay: TimeSpan.FromSeconds(3));
        var failure = Failure.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(converter.FailureConverter.ToFailure(thrown, converter.PayloadConverter)));
        var back = Assert.IsType<ApplicationFailureException>(converter.FailureConverter.ToException(failure, converter.PayloadConverter));

        Assert.Equal(("too hot", "Heat", true, TimeSpan.FromSeconds(3)), (back.Message, back.ErrorType, back.NonRetryable, back.NextRetryDelay));
        Assert.Equal((42, "C"), (back.Details.ElementAt<int>(0), back.Details.ElementAt<string>(1)));
        var cause = Assert.IsType<ApplicationFailureException>(back.InnerException);
        Assert.Equal(("sensor 7", nameof(InvalidOperationException)), (cause.Message, cause.ErrorType));
    }

    [Fact]
    public void Failure_WithEncodedAttributes_HidesItsMessage()
    {
        var converter = DataConverter.Default with { FailureConverter = new DefaultFailureConverter.WithEncodedCommonAttributes() };
        var failure = converter.FailureConverter.ToFailure(new ApplicationFailureException("secret", new InvalidOperationException("deeper")), converter.PayloadConverter);

        Assert.Equal(("Encoded failure", "Encoded failure", ""), (failure.Message, failure.Cause.Message, failure.StackTrace));
        var back = converter.FailureConverter.ToException(failure, converter.PayloadConverter);
        Assert.Equal(("secret", "deeper"), (back.Message, back.InnerException!.Message));
    }
}
