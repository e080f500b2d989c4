using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Splunk;

/// <summary>What every event says about where it comes from.</summary>
internal sealed record SplunkOrigin(string Index, string Source, string SourceType, string Host);

/// <summary>How long to wait until the indexers have an event on disk.</summary>
internal sealed record AcknowledgementWait(TimeSpan Interval, TimeSpan Longest);

/// <summary>Posts events to Splunk's HTTP Event Collector; they count as delivered once the indexers acknowledge them.</summary>
internal sealed class SplunkSink(HecClient hec, SplunkOrigin origin, TimeSpan gathering, AcknowledgementWait? wait, TimeProvider clock) : IAuditSink
{
    public SinkLimits Limits { get; } = new(10_000, 1_000_000, 1_000_000) { EventOverhead = 1, Gathering = gathering };

    public byte[] Encode(OutgoingEvent outgoing)
    {
        var written = new JsonObject
        {
            ["time"] = (outgoing.Timestamp.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture),
            ["host"] = origin.Host,
            ["source"] = origin.Source,
            ["sourcetype"] = origin.SourceType,
            ["event"] = JsonNode.Parse(outgoing.Json),
        };
        if (origin.Index.Length > 0)
        {
            written["index"] = origin.Index;
        }

        return JsonSerializer.SerializeToUtf8Bytes(written);
    }

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        var body = new StringBuilder();
        foreach (var encoded in events)
        {
            body.Append(Encoding.UTF8.GetString(encoded.Bytes)).Append('\n');
        }

        var answer = await hec.SendAsync(body.ToString(), cancellationToken);
        return !answer.IsSuccess || wait is null ? answer.ToDelivery(events.Count)
            : answer.AckId is { } ackId ? await WaitAsync(ackId, wait, cancellationToken)
            : new Delivery(DeliveryOutcome.Stop, "it acknowledges nothing: enable indexer acknowledgement for the token, or set acknowledge to false");
    }

    public ValueTask DisposeAsync()
    {
        hec.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Delivery> WaitAsync(long ackId, AcknowledgementWait longest, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        using var timer = new PeriodicTimer(longest.Interval, clock);
        do
        {
            if (await hec.IsAcknowledgedAsync(ackId, cancellationToken))
            {
                return Delivery.Complete;
            }
        }
        while (clock.GetElapsedTime(start) < longest.Longest && await timer.WaitForNextTickAsync(cancellationToken));

        return new Delivery(DeliveryOutcome.Retry, $"the indexers did not acknowledge within {longest.Longest}");
    }
}
