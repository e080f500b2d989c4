using System.Text;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Http;
using Mainstay.Audit.Sinks.Splunk;

namespace Mainstay.Audit.Tests.Sinks.Splunk;

public sealed class HecAnswerTests
{
    [Theory]
    [InlineData(200, 0, DeliveryOutcome.Delivered)]
    [InlineData(500, 8, DeliveryOutcome.Retry)]
    [InlineData(503, 9, DeliveryOutcome.Retry)]
    [InlineData(503, 18, DeliveryOutcome.Retry)]
    [InlineData(503, 19, DeliveryOutcome.Retry)]
    [InlineData(503, 20, DeliveryOutcome.Retry)]
    [InlineData(403, 1, DeliveryOutcome.Stop)]
    [InlineData(401, 2, DeliveryOutcome.Stop)]
    [InlineData(401, 3, DeliveryOutcome.Stop)]
    [InlineData(403, 4, DeliveryOutcome.Stop)]
    [InlineData(400, 7, DeliveryOutcome.Stop)]
    [InlineData(400, 10, DeliveryOutcome.Stop)]
    [InlineData(400, 11, DeliveryOutcome.Stop)]
    [InlineData(400, 14, DeliveryOutcome.Stop)]
    [InlineData(400, 5, DeliveryOutcome.Refused)]
    [InlineData(400, 6, DeliveryOutcome.Refused)]
    [InlineData(400, 12, DeliveryOutcome.Refused)]
    [InlineData(400, 13, DeliveryOutcome.Refused)]
    [InlineData(400, 15, DeliveryOutcome.Refused)]
    public void ToDelivery_CodeOfTheCollector_DecidesWhatNext(int status, int code, object outcome) =>
        Assert.Equal(outcome, HecAnswer.Read(Answer(status, $$"""{"text":"…","code":{{code}}}""")).ToDelivery(1).Outcome);

    [Theory]
    [InlineData(200, "<html>", DeliveryOutcome.Retry)]
    [InlineData(502, "<html>", DeliveryOutcome.Retry)]
    [InlineData(413, "", DeliveryOutcome.TooLarge)]
    [InlineData(404, "[]", DeliveryOutcome.Stop)]
    public void ToDelivery_AnswerOfSomethingElse_IsJudgedByItsStatus(int status, string body, object outcome) =>
        Assert.Equal(outcome, HecAnswer.Read(Answer(status, body)).ToDelivery(1).Outcome);

    private static HttpAnswer Answer(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), null, $"it answered {status}");
}
