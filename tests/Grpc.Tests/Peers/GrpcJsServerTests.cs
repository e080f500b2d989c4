using Grpc.Core;
using Grpc.Tests.Interop;

namespace Grpc.Tests.Peers;

/// <summary>Our client against a server of @grpc/grpc-js.</summary>
public sealed class GrpcJsServerTests(GrpcJsServer server) : IClassFixture<GrpcJsServer>
{
    private readonly TestService.TestServiceClient client = new(server.Channel);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LargeUnary_CalledOnGrpcJs_Answers()
    {
        var response = await client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314_159, Payload = InteropService.Zeros(271_828) }, cancellationToken: Cancellation);

        Assert.Equal(314_159, response.Payload.Body.Length);
    }

    [Fact]
    public async Task ClientStreaming_CalledOnGrpcJs_SumsRequests()
    {
        using var call = client.StreamingInputCall(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(7) }, Cancellation);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(5) }, Cancellation);
        await call.RequestStream.CompleteAsync();

        Assert.Equal(12, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task PingPong_CalledOnGrpcJs_EachAnsweredBeforeTheNext()
    {
        using var call = client.FullDuplexCall(cancellationToken: Cancellation);
        foreach (var size in new[] { 31415, 9 })
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = size } } }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal(size, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
    }

    [Fact]
    public async Task StatusAndMessage_GrpcJsFails_ArriveUnaltered()
    {
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = 5, Message = "nicht da ☺" } };

        var exception = await Assert.ThrowsAsync<RpcException>(() => client.UnaryCallAsync(request, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, "nicht da ☺"), (exception.StatusCode, exception.Status.Detail));
    }

    [Fact]
    public async Task CustomMetadata_SentToGrpcJs_ComesBack()
    {
        var headers = new Metadata { { "x-grpc-test-echo-initial", "hello" }, { "x-grpc-test-echo-trailing-bin", [1, 2, 3] } };

        using var call = client.UnaryCallAsync(new SimpleRequest { ResponseSize = 1 }, headers, cancellationToken: Cancellation);
        await call;

        Assert.Equal("hello", (await call.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
        Assert.Equal([1, 2, 3], call.GetTrailers().GetValueBytes("x-grpc-test-echo-trailing-bin"));
    }

    [Fact]
    public async Task Unimplemented_CalledOnGrpcJs_EndsAsUnimplemented()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => client.UnimplementedCallAsync(new Empty(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }
}
