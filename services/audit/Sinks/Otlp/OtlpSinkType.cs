using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>Sinks of type <c>otlp</c>.</summary>
internal sealed class OtlpSinkType : ISinkType
{
    public string Type => "otlp";

    public IReadOnlyList<string> Keys => ["endpoint", "protocol", "headers", "gathering", "timeout"];

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        var endpoint = settings.Address("endpoint");
        var isGrpc = settings.OneOf("protocol", "http", "http", "grpc") == "grpc";
        var headers = settings.HeaderValues("headers");
        var gathering = settings.Duration("gathering", TimeSpan.FromSeconds(1));
        var timeout = settings.Duration("timeout", TimeSpan.FromSeconds(10));
        var url = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/logs");
        return clock => new OtlpSink(
            isGrpc ? new GrpcLogsExporter(endpoint, headers, timeout, clock) : new HttpLogsExporter(url, headers, new SinkHttp(timeout, clock)), gathering, clock);
    }
}
