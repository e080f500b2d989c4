using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Splunk;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>Splunk's HTTP Event Collector with indexer acknowledgement, by channel: what is not acknowledged may be lost.</summary>
internal sealed class SplunkCollector : StubServer
{
    private const string Token = "b1e2c3d4-0000-4000-8000-000000000000";
    private const int MostBytes = 1_000_000;

    private readonly Dictionary<(string Channel, long AckId), List<JsonObject>> unacknowledged = [];
    private long nextAck;

    /// <summary>Whether the token has indexer acknowledgement; Splunk Cloud's have none.</summary>
    public bool HasAcknowledgement { get; set; } = true;

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
        var channel = headers["X-Splunk-Request-Channel"].ToString();
        var isQuestion = context.Request.Path == "/services/collector/ack";
        if (code == 0 && HasAcknowledgement && !Guid.TryParse(channel, out _))
        {
            (status, code) = (400, channel.Length > 0 ? 11 : 10);
        }
        else if (code == 0 && !HasAcknowledgement && isQuestion)
        {
            (status, code) = (400, 14);
        }

        if (code != 0)
        {
            await RefuseAsync(context, status, $$"""{"text":"refused","code":{{code}}}""", $"code {code}");
        }
        else if (isQuestion)
        {
            await AcknowledgeAsync(context, channel, JsonNode.Parse(body)!["acks"]!.AsArray());
        }
        else if (context.Request.Path != "/services/collector/event")
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, """{"text":"The requested URL was not found on this server.","code":404}""", "path");
        }
        else if (Encoding.UTF8.GetByteCount(body) > MostBytes)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "", "size");
        }
        else
        {
            await TakeAsync(context, channel, body);
        }
    }

    private async Task TakeAsync(HttpContext context, string channel, string body)
    {
        var events = Parse(body);
        var wrong = events.FindIndex(one => one["event"] is not JsonObject fields || (Poison.Length > 0 && (string?)fields["action"] == Poison));
        if (events.Count == 0 || wrong >= 0)
        {
            var number = wrong >= 0 ? $",\"invalid-event-number\":{wrong}" : "";
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $$"""{"text":"refused","code":{{(wrong >= 0 ? 12 : 5)}}{{number}}}""", "events");
            return;
        }

        var taken = events.Select(one => one["event"]!.AsObject()).ToList();
        if (!HasAcknowledgement)
        {
            taken.ForEach(Taken.Enqueue);
            await context.Response.WriteAsync("""{"text":"Success","code":0}""");
            return;
        }

        var ackId = Interlocked.Increment(ref nextAck);
        lock (unacknowledged)
        {
            unacknowledged[(channel, ackId)] = taken;
        }

        await context.Response.WriteAsync($$"""{"text":"Success","code":0,"ackId":{{ackId}}}""");
    }

    private async Task AcknowledgeAsync(HttpContext context, string channel, JsonArray acks)
    {
        var answer = new JsonObject();
        lock (unacknowledged)
        {
            foreach (var ackId in acks.Select(ack => (long)ack!))
            {
                var events = Acknowledges ? unacknowledged.GetValueOrDefault((channel, ackId)) : null;
                events?.ForEach(Taken.Enqueue);
                answer[$"{ackId}"] = events is not null && unacknowledged.Remove((channel, ackId));
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
