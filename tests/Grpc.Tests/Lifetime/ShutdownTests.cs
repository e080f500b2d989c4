using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grpc.Tests.Lifetime;

/// <summary>A server that shuts down lets calls under way end, takes no more, and at last cuts what will not end.</summary>
public sealed class ShutdownTests
{
    private static readonly StreamingOutputCallResponse Response = new() { Payload = InteropService.Zeros(10) };

    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OurServer_CallUnderWay_EndsWellWhileNewCallsAreRefused()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService { ServerStream = WriteTwiceAsync });
        using var channel = server.CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        using var call = client.StreamingOutputCall(new StreamingOutputCallRequest(), cancellationToken: Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));

        var stopping = server.StopAsync(Cancellation);
        await ListensNoMoreAsync(server.Target);
        await Until.TrueAsync(() => IsRefused(client), Cancellation);
        release.SetResult();

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        await stopping;
    }

    [Fact]
    public async Task OurServer_CallOfGrpcJsUnderWay_EndsWell()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService { ServerStream = WriteTwiceAsync });
        using var reader = PeerProcess.Start("node", Path.Combine(PeerProcess.Directory, "client.js"), server.Target, "read_through_shutdown");
        Assert.Equal("first response", await reader.StandardOutput.ReadLineAsync(Cancellation));

        var stopping = server.StopAsync(Cancellation);
        await ListensNoMoreAsync(server.Target);
        release.SetResult();

        Assert.Equal("""{"sizes":[10,10],"code":0,"details":""}""", await reader.StandardOutput.ReadToEndAsync(Cancellation));
        await stopping;
    }

    [Fact]
    public async Task OurServer_CallThatWillNotEnd_IsCutAfterTheTimeout()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = new ScriptedService
        {
            ServerStream = async (responses, context) =>
            {
                await responses.WriteAsync(Response);
                await using var registration = context.CancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
            },
        };
        await using var server = await TestServer.StartAsync(
            service, builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(300)));
        using var channel = server.CreateChannel();
        using var call = new TestService.TestServiceClient(channel).StreamingOutputCall(new StreamingOutputCallRequest(), cancellationToken: Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));

        await server.StopAsync(Cancellation);

        await cancelled.Task.WaitAsync(Cancellation);
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
        Assert.True(exception.StatusCode == StatusCode.Unavailable, exception.ToString());
    }

    [Fact]
    public async Task GrpcJsServer_CallUnderWay_EndsWellWhileNewCallsAreRefused()
    {
        await using var server = await PeerServer.StartAsync("server.js", "{}");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.Port}");
        var client = new TestService.TestServiceClient(channel);
        using var call = client.FullDuplexCall(cancellationToken: Cancellation);
        await PlayAsync(call);

        await server.CommandAsync("shutdown", Cancellation);
        await ListensNoMoreAsync($"127.0.0.1:{server.Port}");
        await Until.TrueAsync(() => IsRefused(client), Cancellation);

        await PlayAsync(call);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
        await server.WaitForAsync("shut down", Cancellation);
    }

    [Fact]
    public async Task GrpcJsServer_Killed_CallUnderWayEndsAsUnavailable()
    {
        await using var server = await PeerServer.StartAsync("server.js", "{}");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.Port}");
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);
        await PlayAsync(call);

        server.Kill();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }

    private async Task WriteTwiceAsync(IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        await responses.WriteAsync(Response);
        await release.Task;
        await responses.WriteAsync(Response);
    }

    private static async Task PlayAsync(AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call)
    {
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 5 } } }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
    }

    private static bool IsRefused(TestService.TestServiceClient client)
    {
        var exception = Record.Exception(() => client.EmptyCall(new Empty(), cancellationToken: Cancellation));
        Assert.True(exception is null or RpcException { StatusCode: StatusCode.Unavailable }, exception?.ToString());
        return exception is not null;
    }

    private static Task ListensNoMoreAsync(string target) => Until.TrueAsync(
        () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            return Record.Exception(() => socket.Connect(IPEndPoint.Parse(target))) is not null;
        },
        Cancellation);
}
