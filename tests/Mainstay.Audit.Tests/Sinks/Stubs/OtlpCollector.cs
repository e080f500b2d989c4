using System.IO.Compression;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Otlp;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Proto.Collector.Logs.V1;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>A collector that takes logs by OTLP over HTTP: protobuf, at most 4 MiB.</summary>
internal sealed class OtlpCollector : StubServer
{
    private const int MostBytes = 4 << 20;

    public override ISinkType Type { get; } = new OtlpSinkType();

    public override IReadOnlyList<(string Key, string Value)> Settings => [("endpoint", Address), ("headers:x-api-key", "otlp-key"), ("gathering", "0s")];

    /// <summary>How many records of each request it says it rejected.</summary>
    public int Rejects { get; set; }

    /// <summary>The requests as they came.</summary>
    public List<byte[]> Bodies { get; } = [];

    protected override async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/v1/logs" || context.Request.ContentType != "application/x-protobuf" || context.Request.Headers["x-api-key"] != "otlp-key")
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "", "form");
            return;
        }

        using var buffer = new MemoryStream();
        await using var body = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        await body.CopyToAsync(buffer);
        if (buffer.Length > MostBytes)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "", "size");
            return;
        }

        lock (Bodies)
        {
            Bodies.Add(buffer.ToArray());
        }

        foreach (var record in ExportLogsServiceRequest.Parser.ParseFrom(buffer.ToArray()).ResourceLogs.SelectMany(logs => logs.ScopeLogs).SelectMany(logs => logs.LogRecords))
        {
            Taken.Enqueue(JsonNode.Parse(LogRecord.Parser.ParseFrom(record).Body.StringValue)!.AsObject());
        }

        context.Response.ContentType = "application/x-protobuf";
        var response = Rejects == 0 ? new ExportLogsServiceResponse() : new() { PartialSuccess = new() { RejectedLogRecords = Rejects } };
        await context.Response.Body.WriteAsync(response.ToByteArray());
    }
}
