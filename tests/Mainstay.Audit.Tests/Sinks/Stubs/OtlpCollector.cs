using System.IO.Compression;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Otlp;
using Microsoft.AspNetCore.Http;

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

        // ResourceLogs (1) . ScopeLogs (2) . LogRecord (2) . body (5) . string_value (1)
        foreach (var record in Fields(buffer.ToArray(), 1).SelectMany(logs => Fields(logs, 2)).SelectMany(logs => Fields(logs, 2)))
        {
            Taken.Enqueue(JsonNode.Parse(Fields(Fields(record, 5).Single(), 1).Single())!.AsObject());
        }

        context.Response.ContentType = "application/x-protobuf";
        await context.Response.Body.WriteAsync(Rejects == 0 ? [] : new byte[] { 0x0a, 0x02, 0x08, (byte)Rejects });
    }

    /// <summary>The values of a field of messages or texts.</summary>
    public static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag == WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited))
            {
                yield return input.ReadBytes().ToByteArray();
            }
            else
            {
                input.SkipLastField();
            }
        }
    }
}
