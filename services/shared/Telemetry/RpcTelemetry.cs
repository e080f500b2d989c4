using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace Mainstay.ServiceDefaults.Telemetry;

/// <summary>The spans and measurements of calls, named by OpenTelemetry's conventions.</summary>
internal static class RpcTelemetry
{
    public const string Name = "Mainstay.Rpc";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> ClientDuration = Histogram("rpc.client.call.duration", "How long calls to other services took.");

    private static readonly Histogram<double> ServerDuration = Histogram("rpc.server.call.duration", "How long calls took to answer.");

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Records the end of a call to another service.</summary>
    public static void ClientEnded(Activity? span, IMethod method, StatusCode status, TimeSpan duration)
    {
        ClientDuration.Record(duration.TotalSeconds, Tags(method.ServiceName, method.Name, status));
        span?.SetTag("rpc.grpc.status_code", (int)status);
        span?.SetStatus(status == StatusCode.OK ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        span?.Dispose();
    }

    /// <summary>Records the end of a call that this service answered.</summary>
    public static void ServerEnded(Activity? span, string service, string method, StatusCode status, TimeSpan duration)
    {
        ServerDuration.Record(duration.TotalSeconds, Tags(service, method, status));
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        span.SetTag("rpc.grpc.status_code", (int)status);

        // By the conventions, a refusal that is the caller's fault is no error of the server.
        var failed = status is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;
        span.SetStatus(failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
    }

    // Only names that a .proto file declares and the 17 codes: what a caller sends never becomes a label.
    private static TagList Tags(string service, string method, StatusCode status) => new()
    {
        { "rpc.service", service },
        { "rpc.method", method },
        { "rpc.grpc.status_code", (int)status },
    };

    private static Histogram<double> Histogram(string name, string description) => Meter.CreateHistogram(
        name,
        "s",
        description,
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
}
