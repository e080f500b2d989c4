using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.CloudWatch;

/// <summary>What CloudWatch Logs answered.</summary>
/// <param name="Http">The answer as HTTP has it.</param>
/// <param name="Error">The name of the exception; empty when there was none.</param>
/// <param name="Body">The answer's fields.</param>
internal sealed record LogsAnswer(HttpAnswer Http, string Error, JsonObject Body)
{
    public static LogsAnswer Read(HttpAnswer answer)
    {
        try
        {
            var body = answer.Body.Length == 0 ? [] : JsonNode.Parse(answer.Body) as JsonObject ?? [];

            // With or without a namespace before '#' and an address behind ':'.
            var error = (string?)body["__type"] ?? "";
            return new LogsAnswer(answer, error.Split('#')[^1].Split(':')[0], body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new LogsAnswer(answer, "", []);
        }
    }

    /// <summary>What to do after the answer to PutLogEvents for events in this order.</summary>
    public Delivery ToDelivery(int count) => Error switch
    {
        "" when Http.IsSuccess => Delivery.Complete with { Refused = Rejected(count) },
        "ThrottlingException" or "ServiceUnavailableException" or "InternalFailure" or "RequestTimeoutException" => Http.As(DeliveryOutcome.Retry, Error),
        "InvalidParameterException" or "SerializationException" => Http.As(DeliveryOutcome.Refused, Error),
        "" => Http.ToDelivery(),
        _ => Http.Status >= 500 ? Http.As(DeliveryOutcome.Retry, Error) : Http.As(DeliveryOutcome.Stop, Error),
    };

    // Indexes into the events as they were sent: all before one, or all from one on.
    private List<RefusedEvent> Rejected(int count)
    {
        if (Body["rejectedLogEventsInfo"] is not JsonObject info)
        {
            return [];
        }

        var tooOld = Math.Max((int?)info["tooOldLogEventEndIndex"] ?? 0, (int?)info["expiredLogEventEndIndex"] ?? 0);
        var tooNew = (int?)info["tooNewLogEventStartIndex"] ?? count;
        return
        [
            .. Enumerable.Range(0, Math.Min(tooOld, count)).Select(index => new RefusedEvent(index, "CloudWatch rejected it as too old for the log group.")),
            .. Enumerable.Range(0, count).Skip(Math.Max(tooOld, tooNew)).Select(index => new RefusedEvent(index, "CloudWatch rejected it as too far in the future.")),
        ];
    }
}
