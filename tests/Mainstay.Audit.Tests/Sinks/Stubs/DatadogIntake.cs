using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Datadog;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>Datadog's log intake, v2: at most 5 MB, 1,000 entries, 1 MB each (longer ones are cut with a 202), 18 hours old (older ones vanish with a 202).</summary>
internal sealed class DatadogIntake : StubServer
{
    private const string ApiKey = "dd-0123456789abcdef";
    private const int MostBytes = 5_000_000;
    private const int MostEntryBytes = 1_000_000;

    /// <summary>The most entries of one request; the vendor's own limit is 1,000.</summary>
    public int MostEntries { get; set; } = 1000;

    public override ISinkType Type { get; } = new DatadogSinkType();

    public override IReadOnlyList<(string Key, string Value)> Settings => [("url", Address), ("api_key", ApiKey), ("gathering", "0s")];

    /// <summary>The entries as they came.</summary>
    public List<JsonObject> Entries { get; } = [];

    protected override async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers["DD-API-KEY"] != ApiKey)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, """{"errors":[{"status":"403","title":"Forbidden"}]}""", "key");
            return;
        }

        var body = await ReadAsync(context.Request);
        if (context.Request.Path != "/api/v2/logs" || context.Request.ContentType != "application/json" || Parse(body) is not { } entries)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, """{"errors":[{"status":"400","title":"Bad Request"}]}""", "form");
            return;
        }

        if (body.Length > MostBytes || entries.Count > MostEntries)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, """{"errors":[{"status":"413","title":"Payload Too Large"}]}""", "size");
            return;
        }

        foreach (var entry in entries.Select(entry => entry!.AsObject()))
        {
            Take(entry);
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await context.Response.WriteAsync("{}");
    }

    private void Take(JsonObject entry)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        if (Encoding.UTF8.GetByteCount(entry.ToJsonString()) > MostEntryBytes || now - ((long?)entry["timestamp"] ?? now) > 18 * 3_600_000)
        {
            Refusals.Enqueue("lost with a 202");
            return;
        }

        lock (Entries)
        {
            Entries.Add(entry);
        }

        Taken.Enqueue(entry["audit"]!.AsObject());
    }

    private static JsonArray? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await using var body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        await body.CopyToAsync(buffer);
        return buffer.ToArray();
    }
}
