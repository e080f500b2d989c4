using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mainstay.Audit.Sinks.Http;
using Mainstay.Audit.Sinks.Shaping;

namespace Mainstay.Audit.Sinks.Webhook;

/// <summary>Posts each event to an address, signed (Standard Webhooks); the event's id is the <c>webhook-id</c>, by which a receiver knows a repetition.</summary>
internal sealed class WebhookSink(Uri url, WebhookSignature signature, TimeSpan timeout, TimeProvider clock) : IAuditSink
{
    private const int MostBytes = 1024 * 1024;

    private readonly SinkHttp http = new(timeout, clock);

    public SinkLimits Limits { get; } = new(1, MostBytes, MostBytes);

    public byte[] Encode(OutgoingEvent outgoing) => Encoding.UTF8.GetBytes(outgoing.Format is CloudEventsFormat
        ? outgoing.Json
        : $$"""{"type":{{JsonSerializer.Serialize($"audit.{outgoing.Text("action")}")}},"timestamp":{{JsonSerializer.Serialize(outgoing.Text("timestamp"))}},"data":{{outgoing.Json}}}""");

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        using var request = Request(events[0]);
        var answer = await http.SendAsync(request, cancellationToken);
        return answer.Status switch
        {
            >= 200 and < 300 => Delivery.Complete,
            410 => answer.As(DeliveryOutcome.Gone),

            // The standard knows no answer that says "this one never": such an event is given up at the end of the schedule.
            >= 400 and < 500 and not (401 or 403 or 404 or 408 or 429) => answer.As(DeliveryOutcome.Retry) with { MayBeTheEvent = true },
            _ => answer.As(DeliveryOutcome.Retry),
        };
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage Request(EncodedEvent encoded)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var mediaType = encoded.Event.Format is CloudEventsFormat ? encoded.Event.Format.MediaType : "application/json";
        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(encoded.Bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType, "utf-8") } },
            Headers =
            {
                { "webhook-id", encoded.Event.EventId },
                { "webhook-timestamp", now.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", signature.Sign(encoded.Event.EventId, now, encoded.Bytes) },
            },
        };
    }
}
