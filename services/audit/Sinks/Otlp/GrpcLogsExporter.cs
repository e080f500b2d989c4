using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Audit.Sinks.Http;
using OpenTelemetry.Proto.Collector.Logs.V1;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>OTLP over gRPC, compressed.</summary>
internal sealed class GrpcLogsExporter : ILogsExporter
{
    private readonly GrpcChannel channel;
    private readonly LogsService.LogsServiceClient client;
    private readonly Metadata headers = new() { { "grpc-internal-encoding-request", "gzip" } };
    private readonly TimeSpan timeout;
    private readonly TimeProvider clock;

    public GrpcLogsExporter(Uri endpoint, IReadOnlyDictionary<string, string> headers, TimeSpan timeout, TimeProvider clock)
    {
        (this.timeout, this.clock) = (timeout, clock);
        foreach (var (name, value) in headers)
        {
            this.headers.Add(name, value);
        }

        channel = GrpcChannel.ForAddress(
            endpoint, new GrpcChannelOptions { HttpHandler = SinkHttp.NewHandler(), DisposeHttpClient = true, ThrowOperationCanceledOnCancellation = true });
        client = new LogsService.LogsServiceClient(channel);
    }

    public async Task<LogsExport> ExportAsync(ExportLogsServiceRequest request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return LogsExport.Of(await client.ExportAsync(request, new CallOptions(headers, cancellationToken: either.Token)));
        }
        catch (RpcException exception)
        {
            return new LogsExport(GrpcAnswer.ToDelivery(exception));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new LogsExport(new Delivery(DeliveryOutcome.Retry, $"it did not answer within {timeout}"));
        }
    }

    public void Dispose() => channel.Dispose();
}
