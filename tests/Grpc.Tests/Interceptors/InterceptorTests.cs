using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Interceptors;

/// <summary>Interceptors see every kind of call, the first one outermost.</summary>
public sealed class InterceptorTests
{
    private readonly Sightings sightings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_EveryKindOfCall_IsSeenFromTheOutsideIn()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService(), builder =>
        {
            builder.Services.AddGrpc(options => options.Interceptors.Add<RecordingInterceptor>("all", sightings));
            builder.Services.AddGrpc().AddServiceOptions<ScriptedService>(options => options.Interceptors.Add<RecordingInterceptor>("service", sightings));
        });
        using var channel = server.CreateChannel();

        await CallEveryKindAsync(new TestService.TestServiceClient(channel));

        Assert.Equal(
            [
                "all: UnaryCall", "service: UnaryCall", "all: StreamingOutputCall", "service: StreamingOutputCall",
                "all: StreamingInputCall", "service: StreamingInputCall", "all: FullDuplexCall", "service: FullDuplexCall",
            ],
            sightings);
    }

    [Fact]
    public async Task Client_EveryKindOfCall_IsSeenFromTheOutsideIn()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService());
        using var channel = server.CreateChannel();
        var invoker = channel.Intercept(new RecordingInterceptor("outer", sightings), new RecordingInterceptor("inner", sightings));

        await CallEveryKindAsync(new TestService.TestServiceClient(invoker));

        Assert.Equal(
            [
                "outer: UnaryCall", "inner: UnaryCall", "outer: StreamingOutputCall", "inner: StreamingOutputCall",
                "outer: StreamingInputCall", "inner: StreamingInputCall", "outer: FullDuplexCall", "inner: FullDuplexCall",
            ],
            sightings);
    }

    [Fact]
    public async Task Client_InterceptorChangesHeaders_ServerSeesThem()
    {
        await using var server = await TestServer.StartAsync<InteropService>();
        using var channel = server.CreateChannel();
        var client = new TestService.TestServiceClient(channel.Intercept(new RecordingInterceptor("me", sightings)));

        using var call = client.UnaryCallAsync(new SimpleRequest(), cancellationToken: Cancellation);

        Assert.Equal("me", (await call.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
    }

    [Fact]
    public async Task Server_InterceptorMapsAnException_CallerSeesItsStatus()
    {
        var service = new ScriptedService { Unary = (_, _) => throw new KeyNotFoundException("no such thing") };
        await using var server = await TestServer.StartAsync(service, builder =>
        {
            builder.Services.AddSingleton<MappingInterceptor>();
            builder.Services.AddGrpc(options => options.Interceptors.Add<MappingInterceptor>());
        });
        using var channel = server.CreateChannel();

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, "no such thing"), (exception.StatusCode, exception.Status.Detail));
        Assert.Equal("yes", exception.Trailers.GetValue("x-mapped"));
    }

    [Theory]
    [InlineData(false, "Exception was thrown by handler.")]
    [InlineData(true, "Exception was thrown by handler. KeyNotFoundException: no such thing")]
    public async Task Server_HandlerFails_CallerSeesNoMoreThanAllowed(bool detailed, string expected)
    {
        var service = new ScriptedService { Unary = (_, _) => throw new KeyNotFoundException("no such thing") };
        await using var server = await TestServer.StartAsync(service, builder => builder.Services.AddGrpc(options => options.EnableDetailedErrors = detailed));
        using var channel = server.CreateChannel();

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal((StatusCode.Unknown, expected), (exception.StatusCode, exception.Status.Detail));
    }

    private static async Task CallEveryKindAsync(TestService.TestServiceClient client)
    {
        await client.UnaryCallAsync(new SimpleRequest(), cancellationToken: Cancellation);
        using var outputs = client.StreamingOutputCall(new StreamingOutputCallRequest(), cancellationToken: Cancellation);
        Assert.False(await outputs.ResponseStream.MoveNext(Cancellation));
        using var inputs = client.StreamingInputCall(cancellationToken: Cancellation);
        await inputs.RequestStream.CompleteAsync();
        await inputs;
        using var duplex = client.FullDuplexCall(cancellationToken: Cancellation);
        await duplex.RequestStream.CompleteAsync();
        Assert.False(await duplex.ResponseStream.MoveNext(Cancellation));
    }

    private sealed class MappingInterceptor : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            try
            {
                return await continuation(request, context);
            }
            catch (KeyNotFoundException exception)
            {
                throw new RpcException(new Status(StatusCode.NotFound, exception.Message), new Metadata { { "x-mapped", "yes" } });
            }
        }
    }
}
