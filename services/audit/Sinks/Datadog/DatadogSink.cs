using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Http;
using Mainstay.Audit.Sinks.Shaping;

namespace Mainstay.Audit.Sinks.Datadog;

/// <summary>Posts arrays of events to Datadog's log intake (v2), compressed.</summary>
internal sealed class DatadogSink(Uri url, string apiKey, string host, string tags, TimeSpan gathering, SinkHttp http, TimeProvider clock) : IAuditSink
{
    // Datadog drops what is older, with a 202; a margin covers what a delivery takes.
    private static readonly TimeSpan LongestAge = TimeSpan.FromHours(17.5);

    // 5 MB, 1,000 entries and 1 MB each are refused or cut; the first with some room, as others leave it too.
    public SinkLimits Limits { get; } = new(1000, 4_250_000, 1_000_000) { EventOverhead = 1, Gathering = gathering };

    public byte[] Encode(OutgoingEvent outgoing)
    {
        var result = outgoing.Text("result");
        var log = new JsonObject
        {
            ["message"] = VisibleText.Of($"{outgoing.Text("action")} {result} by {outgoing.Fields.Child("user_context").Text("initiated_by")}"),
            ["ddsource"] = "mainstay",
            ["service"] = outgoing.Text("service"),
            ["hostname"] = host,
            ["status"] = result switch { "failure" => "error", "denied" => "warn", _ => "info" },
            ["audit"] = JsonNode.Parse(outgoing.Json),
        };
        if (tags.Length > 0)
        {
            log["ddtags"] = tags;
        }

        // What is too late for its own time is filed under the time of its arrival; the event keeps its own.
        if (clock.GetUtcNow() - outgoing.Timestamp < LongestAge)
        {
            log["timestamp"] = outgoing.Timestamp.ToUnixTimeMilliseconds();
        }
        else
        {
            log["late"] = true;
        }

        return JsonSerializer.SerializeToUtf8Bytes(log);
    }

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(Gzip.Compress(Array(events)))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } },
            },
            Headers = { { "DD-API-KEY", apiKey } },
        };
        var answer = await http.SendAsync(request, cancellationToken);
        return answer.ToDelivery();
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Array(IReadOnlyList<EncodedEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            yield return i == 0 ? "["u8.ToArray() : ","u8.ToArray();
            yield return events[i].Bytes;
        }

        yield return "]"u8.ToArray();
    }
}
