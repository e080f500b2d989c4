using System.Text;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.CloudWatch;
using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Tests.Sinks.CloudWatch;

public sealed class LogsAnswerTests
{
    [Theory]
    [InlineData(400, """{"__type":"InvalidSignatureException","message":"Signature expired: 20260301T115000Z is now earlier than 20260301T115500Z"}""", DeliveryOutcome.Retry)]
    [InlineData(400, """{"__type":"InvalidSignatureException","message":"Signature not yet current: 20260301T121000Z is still later than 20260301T120500Z"}""", DeliveryOutcome.Retry)]
    [InlineData(400, """{"__type":"InvalidSignatureException","message":"The request signature we calculated does not match"}""", DeliveryOutcome.Stop)]
    [InlineData(400, """{"__type":"InvalidSignatureException","message":1}""", DeliveryOutcome.Stop)]
    [InlineData(400, """{"__type":"RequestTimeTooSkewed"}""", DeliveryOutcome.Retry)]
    [InlineData(429, """{"__type":"SomethingNew"}""", DeliveryOutcome.Retry)]
    [InlineData(400, """{"__type":"com.amazonaws.logs#TooManyRequestsException:http://internal.amazon.com/"}""", DeliveryOutcome.Retry)]
    [InlineData(400, """{"__type":"Throttling"}""", DeliveryOutcome.Retry)]
    [InlineData(400, """{"__type":"RequestLimitExceeded"}""", DeliveryOutcome.Retry)]
    [InlineData(400, """{"__type":"OperationAbortedException"}""", DeliveryOutcome.Retry)]
    [InlineData(503, """{"__type":"ServiceUnavailableException"}""", DeliveryOutcome.Retry)]
    [InlineData(503, "<html>", DeliveryOutcome.Retry)]
    [InlineData(500, """{"__type":"InvalidParameterException"}""", DeliveryOutcome.Retry)]
    [InlineData(413, "", DeliveryOutcome.TooLarge)]
    [InlineData(413, """{"__type":"RequestEntityTooLargeException"}""", DeliveryOutcome.TooLarge)]
    [InlineData(400, """{"__type":"InvalidParameterException"}""", DeliveryOutcome.Refused)]
    [InlineData(400, """{"__type":"UnrecognizedClientException"}""", DeliveryOutcome.Stop)]
    [InlineData(400, """{"__type":"AccessDeniedException"}""", DeliveryOutcome.Stop)]
    public void ToDelivery_AnswerOfCloudWatch_DecidesWhatNext(int status, string body, object outcome) =>
        Assert.Equal(outcome, LogsAnswer.Read(new HttpAnswer(status, Encoding.UTF8.GetBytes(body), null, $"it answered {status}")).ToDelivery(1).Outcome);
}
