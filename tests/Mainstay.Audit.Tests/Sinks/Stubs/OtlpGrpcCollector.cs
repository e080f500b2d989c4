using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Proto.Collector.Logs.V1;
using GrpcStatus = Grpc.Core.Status;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>A collector that takes logs by OTLP over gRPC: at most 4 MiB, with a key, and records only that are whole.</summary>
internal sealed class OtlpGrpcCollector : StubServer
{
    public override ISinkType Type { get; } = new OtlpSinkType();

    public override IReadOnlyList<(string Key, string Value)> Settings =>
        [("endpoint", Address), ("protocol", "grpc"), ("headers:x-api-key", "otlp-key"), ("gathering", "0s")];

    /// <summary>How many records of each request it says it rejected.</summary>
    public int Rejects { get; set; }

    /// <summary>How many records it takes at once.</summary>
    public int MostRecords { get; set; } = int.MaxValue;

    /// <summary>The action of an event that it does not take.</summary>
    public string Poison { get; set; } = "";

    /// <summary>Refuses a request; null lets it through.</summary>
    public Func<RpcException?> Refusal { get; set; } = () => null;

    /// <summary>The requests as they came.</summary>
    public List<byte[]> Bodies { get; } = [];

    protected override HttpProtocols Protocols => HttpProtocols.Http2;

    /// <summary>A refusal that says when to come again.</summary>
    public static RpcException Later(StatusCode code, TimeSpan delay) => new Google.Rpc.Status
    {
        Code = (int)code,
        Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new RetryInfo { RetryDelay = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(delay) }) },
    }.ToRpcException();

    protected override void AddServices(IServiceCollection services)
    {
        services.AddGrpc();
        services.AddSingleton(this);
    }

    protected override void Map(WebApplication application) => application.MapGrpcService<Logs>();

    private ExportLogsServiceResponse Take(ExportLogsServiceRequest request, ServerCallContext context)
    {
        if (Refusal() is { } refusal)
        {
            throw refusal;
        }

        if (context.RequestHeaders.GetValue("x-api-key") != "otlp-key")
        {
            throw Refuse(StatusCode.Unauthenticated, "key");
        }

        var records = request.ResourceLogs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords).ToList();
        if (records.Count > MostRecords)
        {
            throw Refuse(StatusCode.ResourceExhausted, "size");
        }

        var events = records.Select(Read).ToList();
        if (events.Any(one => (string?)one["action"] == Poison))
        {
            throw Refuse(StatusCode.InvalidArgument, "record");
        }

        lock (Bodies)
        {
            Bodies.Add(request.ToByteArray());
        }

        events.ForEach(Taken.Enqueue);
        return Rejects == 0 ? new() : new() { PartialSuccess = new() { RejectedLogRecords = Rejects, ErrorMessage = "no room" } };
    }

    private JsonObject Read(ByteString bytes)
    {
        var record = LogRecord.Parser.ParseFrom(bytes);
        return record is { TimeUnixNano: > 0, Body.StringValue.Length: > 0, TraceId.Length: 0 or 16 }
            ? JsonNode.Parse(record.Body.StringValue)!.AsObject()
            : throw Refuse(StatusCode.InvalidArgument, "form");
    }

    private RpcException Refuse(StatusCode code, string why)
    {
        Refusals.Enqueue(why);
        return new RpcException(new GrpcStatus(code, why));
    }

    private sealed class Logs(OtlpGrpcCollector collector) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context) =>
            Task.FromResult(collector.Take(request, context));
    }
}
