using Grpc.Core;
using Grpc.Net.Client;

namespace Temporalio.Client.Transport;

/// <summary>Unary calls over one HTTP/2 channel, repeated where that is safe.</summary>
internal sealed class GrpcTransport
{
    private readonly CallInvoker invoker;
    private readonly RpcRetryOptions retry;
    private readonly RequestMetrics metrics;

    public GrpcTransport(TemporalConnectionOptions options)
    {
        var host = options.TargetHost ?? throw new ArgumentException("TargetHost is required");
        var secure = options.Tls is { } tls ? !tls.Disabled : options.ApiKey is not null;
        var channel = GrpcChannel.ForAddress(Address(options, host, secure), new()
        {
            HttpHandler = TransportHandler.Create(options, secure),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = 128 * 1024 * 1024,
            MaxSendMessageSize = null,
            UnsafeUseInsecureChannelCallCredentials = !secure,
        });
        invoker = channel.CreateCallInvoker();
        retry = options.RpcRetry ?? new();
        metrics = new((options.Runtime ?? Runtime.TemporalRuntime.Default).SdkMetrics);
    }

    // Calls are addressed to the domain that the server is to be known by; where that is connected to is the handler's business.
    private static Uri Address(TemporalConnectionOptions options, string host, bool secure)
    {
        var address = new UriBuilder($"{(secure ? "https" : "http")}://{host}");
        if (secure && options.Tls?.Domain is { Length: > 0 } domain)
        {
            address.Host = domain;
        }

        return address.Uri;
    }

    public async Task<T> InvokeAsync<T>(string service, string rpc, IMessage request, MessageParser<T> parser, TemporalConnection connection, RpcOptions? options)
        where T : IMessage<T>
    {
        var method = RpcMethods.Of(service, rpc, parser);
        var attempts = new RpcAttempts(retry, TimeProvider.System);
        while (true)
        {
            var begun = TimeProvider.System.GetTimestamp();
            var measured = metrics.Begin(rpc, request);
            try
            {
                var deadline = options?.Timeout is { } timeout ? (TimeProvider.System.GetUtcNow() + timeout).UtcDateTime : (DateTime?)null;
                using var call = invoker.AsyncUnaryCall(
                    method, null, new(CallMetadata.For(connection, request, options), deadline, options?.CancellationToken ?? default), request);
                var response = (T)await call.ResponseAsync.ConfigureAwait(false);
                RequestMetrics.End(measured, TimeProvider.System.GetElapsedTime(begun), null);
                return response;
            }
            catch (Grpc.Core.RpcException e)
            {
                RequestMetrics.End(measured, TimeProvider.System.GetElapsedTime(begun), e.StatusCode);
                if (options?.Retry == true && options.CancellationToken?.IsCancellationRequested != true && attempts.Next(e.StatusCode) is { } wait)
                {
                    await Task.Delay(wait, options.CancellationToken ?? default).ConfigureAwait(false);
                    continue;
                }

                throw new Exceptions.RpcException((Exceptions.RpcException.StatusCode)e.StatusCode, e.Status.Detail, e.Trailers.GetValueBytes("grpc-status-details-bin"));
            }
        }
    }
}
