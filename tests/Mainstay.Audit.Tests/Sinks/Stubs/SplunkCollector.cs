using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Splunk;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>Splunk's HTTP Event Collector with indexer acknowledgement: what is not acknowledged may be lost.</summary>
internal sealed class SplunkCollector : StubServer
{
    private const string Token = "b1e2c3d4-0000-4000-8000-000000000000";
    private const int MostBytes = 1_000_000;

    private readonly Dictionary<long, List<JsonObject>> unacknowledged = [];
    private long nextAck;

    /// <summary>Whether the indexers get to writing what came.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>An action that the indexers will not have.</summary>
    public string Poison { get; set; } = "";

    public override ISinkType Type { get; } = new SplunkSinkType();

    public override IReadOnlyList<(string Key, string Value)> Settings =>
        [("url", Address), ("token", Token), ("acknowledge_interval", "20ms"), ("acknowledge_timeout", "1s"), ("gathering", "0s")];

    protected override async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers;
        var (status, code) = headers.Authorization == $"Splunk {Token}" ? (0, 0) : headers.Authorization.Count == 0 ? (401, 2) : (403, 4);
        if (code == 0 && !Guid.TryParse(headers["X-Splunk-Request-Channel"], out _))
        {
            (status, code) = (400, headers.ContainsKey("X-Splunk-Request-Channel") ? 11 : 10);
        }

        if (code != 0)
        {
            await RefuseAsync(context, status, $$"""{"text":"refused","code":{{code}}}""", $"code {code}");
        }
        else if (context.Request.Path == "/services/collector/ack")
        {
            await AcknowledgeAsync(context, JsonNode.Parse(body)!["acks"]!.AsArray());
        }
        else if (Encoding.UTF8.GetByteCount(body) > MostBytes)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "", "size");
        }
        else
        {
            await TakeAsync(context, body);
        }
    }

    private async Task TakeAsync(HttpContext context, string body)
    {
        var events = Parse(body);
        var wrong = events.FindIndex(one => one["event"] is not JsonObject fields || (Poison.Length > 0 && (string?)fields["action"] == Poison));
        if (events.Count == 0 || wrong >= 0)
        {
            var number = wrong >= 0 ? $",\"invalid-event-number\":{wrong}" : "";
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $$"""{"text":"refused","code":{{(wrong >= 0 ? 12 : 5)}}{{number}}}""", "events");
            return;
        }

        var ackId = Interlocked.Increment(ref nextAck);
        lock (unacknowledged)
        {
            unacknowledged[ackId] = [.. events.Select(one => one["event"]!.AsObject())];
        }

        await context.Response.WriteAsync($$"""{"text":"Success","code":0,"ackId":{{ackId}}}""");
    }

    private async Task AcknowledgeAsync(HttpContext context, JsonArray acks)
    {
        var answer = new JsonObject();
        lock (unacknowledged)
        {
            foreach (var ackId in acks.Select(ack => (long)ack!))
            {
                var events = Acknowledges ? unacknowledged.GetValueOrDefault(ackId) : null;
                events?.ForEach(Taken.Enqueue);
                answer[$"{ackId}"] = events is not null && unacknowledged.Remove(ackId);
            }
        }

        await context.Response.WriteAsync(new JsonObject { ["acks"] = answer }.ToJsonString());
    }

    private static List<JsonObject> Parse(string body)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(body), new JsonReaderOptions { AllowMultipleValues = true });
        var events = new List<JsonObject>();
        while (reader.Read())
        {
            events.Add(JsonNode.Parse(ref reader)!.AsObject());
        }

        return events;
    }
}
