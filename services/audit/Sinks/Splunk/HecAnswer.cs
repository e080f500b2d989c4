using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.Splunk;

/// <summary>What the collector answered.</summary>
/// <param name="Http">The answer as HTTP has it.</param>
/// <param name="Code">The collector's own code; null when it gave none.</param>
/// <param name="AckId">What to ask about for the acknowledgement.</param>
/// <param name="InvalidEvent">Which event is at fault, from 0.</param>
internal sealed record HecAnswer(HttpAnswer Http, int? Code, long? AckId, int? InvalidEvent)
{
    public bool IsSuccess => Http.IsSuccess && Code is 0;

    public static HecAnswer Read(HttpAnswer answer)
    {
        try
        {
            var body = JsonNode.Parse(answer.Body);
            return new HecAnswer(answer, (int?)body?["code"], (long?)body?["ackId"], (int?)body?["invalid-event-number"]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // A proxy before the collector answers in its own way.
            return new HecAnswer(answer, null, null, null);
        }
    }

    /// <summary>What to do after the answer.</summary>
    public Delivery ToDelivery(int count) => Code switch
    {
        0 when Http.IsSuccess => Delivery.Complete,
        8 or 9 or 18 or 19 or 20 => Http.As(DeliveryOutcome.Retry, $"code {Code}"),
        1 or 2 or 3 or 4 or 7 or 10 or 11 or 14 or 16 => Http.As(DeliveryOutcome.Stop, $"code {Code}"),
        5 or 6 or 12 or 13 or 15 => Http.As(DeliveryOutcome.Refused, $"code {Code}") with
        {
            Refused = InvalidEvent is { } index && index >= 0 && index < count ? [new RefusedEvent(index, $"{Http.Failure} (code {Code})")] : [],
        },
        _ when Http.IsSuccess => Http.As(DeliveryOutcome.Retry, "not in the collector's way"),
        _ => Http.ToDelivery(),
    };
}
