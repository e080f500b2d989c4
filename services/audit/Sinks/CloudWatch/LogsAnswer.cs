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
    // By whichever name AWS says that it will pass.
    private static readonly HashSet<string> Passing =
    [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded",
        "LimitExceededException", "BandwidthLimitExceeded", "ProvisionedThroughputExceededException", "SlowDown", "PriorRequestNotComplete", "OperationAbortedException",
        "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable", "ServiceUnavailableException", "InternalFailure", "InternalServerError",
    ];

    /// <summary>Whether the request's time was wrong: clocks are set right without anybody's touching the sink.</summary>
    private bool IsOfTheClock => Error is "RequestExpired" or "RequestTimeTooSkewed" or "RequestInTheFuture"
        || (Error == "InvalidSignatureException" && Message is { } message && (message.StartsWith("Signature expired", StringComparison.Ordinal) || message.StartsWith("Signature not yet current", StringComparison.Ordinal)));

    private string? Message => (Body["message"] ?? Body["Message"]) is JsonValue text && text.TryGetValue<string>(out var message) ? message : null;

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
        _ when IsOfTheClock => Http.As(DeliveryOutcome.Retry, $"{Error}: the clocks differ"),
        _ when Passing.Contains(Error) || Http.Status is 408 or 429 or >= 500 => Http.As(DeliveryOutcome.Retry, Error),
        _ when Http.Status == 413 => Http.As(DeliveryOutcome.TooLarge, Error),
        "InvalidParameterException" or "SerializationException" => Http.As(DeliveryOutcome.Refused, Error),
        "" => Http.ToDelivery(),
        _ => Http.As(DeliveryOutcome.Stop, Error),
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
