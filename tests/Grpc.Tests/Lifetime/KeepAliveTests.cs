using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;
using Microsoft.AspNetCore.Hosting;

namespace Grpc.Tests.Lifetime;

/// <summary>Each side notices by pings that the other is not there any more, and answers the pings of the other.</summary>
public sealed class KeepAliveTests
{
    private const int PingFrameLength = 17;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly StreamingOutputCallRequest Ping = new() { ResponseParameters = { new ResponseParameters { Size = 5 } } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_ServerOutOfReach_CallUnderWayEndsAsUnavailable()
    {
        await using var server = await PeerServer.StartAsync("server.js", "{}");
        await using var proxy = new FreezingProxy(server.Port);
        using var channel = GrpcChannel.ForAddress($"http://{proxy.Target}", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { KeepAlivePingDelay = Shortest, KeepAlivePingTimeout = Shortest },
            DisposeHttpClient = true,
        });
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);
        await PlayAsync(call);

        proxy.Freeze();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
        Assert.True(exception.StatusCode == StatusCode.Unavailable, exception.ToString());
    }

    [Fact]
    public async Task Server_ClientOutOfReach_HandlersTokenIsCancelled()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = new ScriptedService
        {
            Duplex = async (requests, responses, context) =>
            {
                await using var registration = context.CancellationToken.Register(cancelled.SetResult);
                await requests.MoveNext(context.CancellationToken);
                await responses.WriteAsync(new StreamingOutputCallResponse());
                await cancelled.Task;
            },
        };
        await using var server = await TestServer.StartAsync(service, builder => builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.KeepAlivePingDelay = Shortest;
            kestrel.Limits.Http2.KeepAlivePingTimeout = Shortest;
        }));
        await using var proxy = new FreezingProxy(new Uri(server.Address).Port);
        using var channel = GrpcChannel.ForAddress($"http://{proxy.Target}");
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);
        await PlayAsync(call);

        proxy.Freeze();

        await cancelled.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Client_PingedByGrpcJs_AnswersAndStaysConnected()
    {
        await using var server = await PeerServer.StartGrpcJsAsync(
            new { options = new Dictionary<string, int> { ["grpc.keepalive_time_ms"] = 50, ["grpc.keepalive_timeout_ms"] = 5000 } });
        await using var proxy = new FreezingProxy(server.Port);
        using var channel = GrpcChannel.ForAddress($"http://{proxy.Target}");
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);
        await PlayAsync(call);

        await WaitForPingsAsync(proxy);

        await PlayAsync(call);
    }

    [Fact]
    public async Task Server_PingedByOurIdleClient_AnswersAndStaysConnected()
    {
        await using var server = await TestServer.StartAsync<InteropService>();
        await using var proxy = new FreezingProxy(new Uri(server.Address).Port);
        using var channel = GrpcChannel.ForAddress($"http://{proxy.Target}", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { KeepAlivePingDelay = Shortest, KeepAlivePingTimeout = TimeSpan.FromSeconds(5), KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always },
            DisposeHttpClient = true,
        });
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);
        await PlayAsync(call);

        await WaitForPingsAsync(proxy, pings: 2);

        await PlayAsync(call);
    }

    private static async Task PlayAsync(AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call)
    {
        await call.RequestStream.WriteAsync(Ping, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
    }

    private static async Task WaitForPingsAsync(FreezingProxy proxy, int pings = 5)
    {
        var (client, server) = (proxy.BytesFromClient, proxy.BytesFromServer);
        await Until.TrueAsync(
            () => proxy.BytesFromClient - client >= pings * PingFrameLength && proxy.BytesFromServer - server >= pings * PingFrameLength, Cancellation);
    }
}
