using System.Net.Http.Headers;
using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>Exports events as log records over OTLP (HTTP, protobuf, compressed).</summary>
internal sealed class OtlpSink(Uri url, IReadOnlyDictionary<string, string> headers, TimeSpan gathering, SinkHttp http, TimeProvider clock) : IAuditSink
{
    // Collectors take 4 MiB at once unless they are told otherwise.
    public SinkLimits Limits { get; } = new(1000, 4_000_000, 1_000_000) { EventOverhead = 8, Gathering = gathering };

    public byte[] Encode(OutgoingEvent outgoing) => OtlpRecord.Write(outgoing, clock.GetUtcNow());

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(Gzip.Compress([OtlpRecord.WriteRequest(events)]))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf"), ContentEncoding = { "gzip" } },
            },
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var answer = await http.SendAsync(request, cancellationToken);
        return answer.Status switch
        {
            >= 200 and < 300 => Partial(answer.Body, events),
            0 or 408 or 429 or 502 or 503 or 504 => answer.As(DeliveryOutcome.Retry),

            // By the protocol nothing else is retried; but an audit trail does not give up over a server's error.
            _ => answer.ToDelivery(),
        };
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Delivery Partial(byte[] body, IReadOnlyList<EncodedEvent> events)
    {
        var rejected = OtlpRecord.ReadRejected(body);
        return rejected == 0 ? Delivery.Complete : Delivery.Complete with
        {
            // The collector does not say which, and must not be asked again.
            Refused = [.. events.Select((_, index) => new RefusedEvent(index, $"The collector rejected {rejected} of the {events.Count} records of this delivery without saying which."))],
        };
    }
}
