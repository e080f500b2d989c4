using Temporalio.Client.Transport;

namespace Temporalio.Client;

/// <summary>A connection to a Temporal server over gRPC.</summary>
public sealed class TemporalConnection : ITemporalConnection
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly GrpcTransport transport;
    private readonly SemaphoreSlim connecting = new(1, 1);

    private TemporalConnection(TemporalConnectionOptions options)
    {
        Options = (TemporalConnectionOptions)options.Clone();
        RpcMetadata = Options.RpcMetadata ?? [];
        RpcBinaryMetadata = Options.RpcBinaryMetadata ?? [];
        ApiKey = Options.ApiKey;
        transport = new(Options);
        WorkflowService = new WorkflowService.Core(this);
        OperatorService = new OperatorService.Core(this);
        TestService = new TestService.Core(this);
    }

    public IReadOnlyCollection<KeyValuePair<string, string>> RpcMetadata { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, byte[]>> RpcBinaryMetadata { get; set; }

    public string? ApiKey { get; set; }

    public WorkflowService WorkflowService { get; private init; }

    public OperatorService OperatorService { get; private init; }

    public TestService TestService { get; private init; }

    public TemporalConnectionOptions Options { get; private init; }

    public bool IsConnected { get; private set; }

    internal string Identity => Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}";

    /// <summary>Connects, and fails if the server does not answer.</summary>
    public static async Task<TemporalConnection> ConnectAsync(TemporalConnectionOptions options)
    {
        var connection = CreateLazy(options);
        await connection.ConnectAsync().ConfigureAwait(false);
        return connection;
    }

    /// <summary>A connection that is made with the first call.</summary>
    public static TemporalConnection CreateLazy(TemporalConnectionOptions options) => new(options);

    public async Task<bool> CheckHealthAsync(RpcService? service = null, RpcOptions? options = null)
    {
        var request = new Google.Protobuf.WellKnownTypes.StringValue { Value = (service ?? WorkflowService).FullName };

        // HealthCheckRequest { string service = 1 } and HealthCheckResponse { ServingStatus status = 1 } have the wire form of these wrappers.
        var response = await InvokeAsync("grpc.health.v1.Health", "Check", request, Google.Protobuf.WellKnownTypes.Int32Value.Parser, options).ConfigureAwait(false);
        return response.Value == 1;
    }

    public async Task ConnectAsync()
    {
        await connecting.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!IsConnected)
            {
                await transport.InvokeAsync(
                    WorkflowService.FullName,
                    "GetSystemInfo",
                    new Api.WorkflowService.V1.GetSystemInfoRequest(),
                    Api.WorkflowService.V1.GetSystemInfoResponse.Parser,
                    this,
                    new() { Retry = true, Timeout = ConnectTimeout }).ConfigureAwait(false);
                IsConnected = true;
            }
        }
        catch (RpcException e)
        {
            throw new InvalidOperationException($"Connection to {Options.TargetHost} failed: {e.Message}", e);
        }
        finally
        {
            connecting.Release();
        }
    }

    internal async Task<T> InvokeAsync<T>(string service, string rpc, IMessage request, MessageParser<T> parser, RpcOptions? options)
        where T : IMessage<T>
    {
        if (!IsConnected)
        {
            await ConnectAsync().ConfigureAwait(false);
        }

        return await transport.InvokeAsync(service, rpc, request, parser, this, options).ConfigureAwait(false);
    }
}
