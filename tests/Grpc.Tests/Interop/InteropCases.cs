using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Tests.Interop;

/// <summary>The standard cases, our client against whichever server.</summary>
public abstract class InteropCases(GrpcChannel channel)
{
    private readonly TestService.TestServiceClient client = new(channel);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EmptyUnary_Called_Answers() =>
        Assert.Equal(new Empty(), await client.EmptyCallAsync(new Empty(), cancellationToken: Cancellation));

    [Fact]
    public async Task LargeUnary_Called_AnswersWithTheSizeAskedFor()
    {
        var response = await client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314_159, Payload = InteropService.Zeros(271_828) }, cancellationToken: Cancellation);

        Assert.Equal(314_159, response.Payload.Body.Length);
    }

    [Fact]
    public async Task CompressedUnary_RequestCompressed_IsUnderstood()
    {
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        var response = await client.UnaryCallAsync(new SimpleRequest { ResponseSize = 1000, Payload = InteropService.Zeros(271_828) }, headers, cancellationToken: Cancellation);

        Assert.Equal(1000, response.Payload.Body.Length);
    }

    [Fact]
    public async Task ClientStreaming_FourRequests_SumsThem()
    {
        using var call = client.StreamingInputCall(cancellationToken: Cancellation);
        foreach (var size in new[] { 27182, 8, 1828, 45904 })
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(size) }, Cancellation);
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(74922, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task ServerStreaming_FourSizes_AnswersInOrder()
    {
        int[] sizes = [31415, 9, 2653, 58979];
        var request = new StreamingOutputCallRequest { ResponseParameters = { sizes.Select(size => new ResponseParameters { Size = size }) } };

        using var call = client.StreamingOutputCall(request, cancellationToken: Cancellation);
        var received = await call.ResponseStream.ReadAllAsync(Cancellation).Select(response => response.Payload.Body.Length).ToListAsync(Cancellation);

        Assert.Equal(sizes, received);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task PingPong_FourRequests_EachAnsweredBeforeTheNext()
    {
        using var call = client.FullDuplexCall(cancellationToken: Cancellation);
        foreach (var size in new[] { 31415, 9, 2653, 58979 })
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = size } } }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal(size, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
    }

    [Fact]
    public async Task EmptyStream_NoRequest_EndsWell()
    {
        using var call = client.FullDuplexCall(cancellationToken: Cancellation);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
    }

    [Fact]
    public async Task CancelAfterBegin_NothingSent_EndsAsCancelled()
    {
        using var source = new CancellationTokenSource();
        using var call = client.StreamingInputCall(cancellationToken: source.Token);
        await source.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task CancelAfterFirstResponse_StreamOpen_EndsAsCancelled()
    {
        using var source = new CancellationTokenSource();
        using var call = client.FullDuplexCall(cancellationToken: source.Token);
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 31415 } } }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        await source.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation))).StatusCode);
    }

    [Fact]
    public async Task TimeoutOnSleepingServer_DeadlinePasses_EndsAsDeadlineExceeded()
    {
        using var call = client.FullDuplexCall(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(50), cancellationToken: Cancellation);

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation))).StatusCode);
    }

    [Theory]
    [InlineData("test status message")]
    [InlineData("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")]
    public async Task StatusCodeAndMessage_ServerFails_ArriveUnaltered(string message)
    {
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = message };

        var unary = await Assert.ThrowsAsync<RpcException>(() => client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }, cancellationToken: Cancellation).ResponseAsync);
        using var call = client.FullDuplexCall(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status }, Cancellation);
        var streamed = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal((StatusCode.Unknown, message), (unary.StatusCode, unary.Status.Detail));
        Assert.Equal((StatusCode.Unknown, message), (streamed.StatusCode, streamed.Status.Detail));
    }

    [Fact]
    public async Task UnimplementedMethod_Called_EndsAsUnimplemented() => Assert.Equal(
        StatusCode.Unimplemented,
        (await Assert.ThrowsAsync<RpcException>(() => client.UnimplementedCallAsync(new Empty(), cancellationToken: Cancellation).ResponseAsync)).StatusCode);

    [Fact]
    public async Task UnimplementedService_Called_EndsAsUnimplemented()
    {
        var other = new UnimplementedService.UnimplementedServiceClient(channel);

        var exception = await Assert.ThrowsAsync<RpcException>(() => other.UnimplementedCallAsync(new Empty(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }

    [Fact]
    public async Task CustomMetadata_Sent_ComesBackAsHeaderAndTrailer()
    {
        byte[] bytes = [0xab, 0xab, 0xab];
        var headers = new Metadata { { "x-grpc-test-echo-initial", "test_initial_metadata_value" }, { "x-grpc-test-echo-trailing-bin", bytes } };

        using var call = client.UnaryCallAsync(new SimpleRequest { ResponseSize = 1 }, headers, cancellationToken: Cancellation);
        await call;

        Assert.Equal("test_initial_metadata_value", (await call.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
        Assert.Equal(bytes, call.GetTrailers().GetValueBytes("x-grpc-test-echo-trailing-bin"));
    }

    [Fact]
    public async Task OversizeRequest_Sent_EndsAsResourceExhausted()
    {
        var request = new SimpleRequest { Payload = InteropService.Zeros(5 * 1024 * 1024) };

        var exception = await Assert.ThrowsAsync<RpcException>(() => client.UnaryCallAsync(request, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }
}
