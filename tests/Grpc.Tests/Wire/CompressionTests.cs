using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.FlowControl;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Wire;

/// <summary>gzip both ways, and limits that hold for what a message is once inflated.</summary>
[Collection(nameof(Alone))]
public sealed class CompressionTests(InteropServer server) : IClassFixture<InteropServer>
{
    private const int Limit = 4 * 1024 * 1024;

    private static readonly (string, string)[] Accepting = [("grpc-accept-encoding", "identity,gzip")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UnaryCall")]
    [InlineData("FullDuplexCall")]
    public async Task Response_CallerAcceptsGzip_IsCompressed(string method)
    {
        using var raw = new RawCall(server.Target);
        var request = method == "UnaryCall"
            ? new SimpleRequest { ResponseSize = 100_000 }.ToByteArray()
            : new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 100_000 } } }.ToByteArray();

        var response = await raw.PostAsync(method, RawCall.Message(0, request), Accepting, Cancellation);

        Assert.Equal(0, response.Status);
        Assert.Equal(1, response.Body[0]);
        Assert.Equal("gzip", Assert.Single(response.Headers.GetValues("grpc-encoding")));
        Assert.InRange(response.Body.Length, 1, 2000);
        Assert.Equal(100_000, SimpleResponse.Parser.ParseFrom(Gzip.Unpack(response.Body[5..])).Payload.Body.Length);
    }

    [Fact]
    public async Task Response_CallerAcceptsNothing_IsNotCompressed()
    {
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("UnaryCall", RawCall.Message(0, new SimpleRequest { ResponseSize = 1000 }.ToByteArray()), [], Cancellation);

        Assert.Equal(0, response.Body[0]);
        Assert.False(response.Headers.Contains("grpc-encoding"));
    }

    [Fact]
    public async Task Request_OfOurClient_IsCompressedOnTheWire()
    {
        await using var peer = await Peers.PeerServer.StartAsync("recording-server.js");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{peer.Port}");
        var client = new TestService.TestServiceClient(channel);
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        await client.UnaryCallAsync(new SimpleRequest { Payload = InteropService.Zeros(100_000) }, headers, cancellationToken: Cancellation);
        var compressed = await peer.ReadLineAsync(Cancellation);
        await client.UnaryCallAsync(new SimpleRequest { Payload = InteropService.Zeros(100_000) }, new CallOptions(headers, writeOptions: new WriteOptions(WriteFlags.NoCompress), cancellationToken: Cancellation));
        var plain = await peer.ReadLineAsync(Cancellation);

        Assert.Equal("flag 1, encoding gzip, accepts identity,gzip, inflated 100008", compressed);
        Assert.Equal("flag 0, encoding gzip, accepts identity,gzip, inflated 100008", plain);
    }

    [Theory]
    [InlineData(Limit, 0)]
    [InlineData(Limit + 1, 8)]
    public async Task Request_Inflated_IsMeasuredAgainstTheLimit(int size, int expected)
    {
        using var raw = new RawCall(server.Target);
        var overhead = new SimpleRequest { Payload = InteropService.Zeros(Limit) }.CalculateSize() - Limit;
        var request = new SimpleRequest { Payload = InteropService.Zeros(size - overhead) }.ToByteArray();
        Assert.Equal(size, request.Length);

        var plain = await raw.PostAsync("UnaryCall", RawCall.Message(0, request), [], Cancellation);
        var compressed = await raw.PostAsync("UnaryCall", RawCall.Message(1, Gzip.Pack(request)), [("grpc-encoding", "gzip")], Cancellation);

        Assert.Equal((expected, expected), (plain.Status, compressed.Status));
    }

    [Fact]
    public async Task Request_Bomb_IsRefusedInLittleMemory()
    {
        var bomb = RawCall.Message(1, Gzip.Pack(new byte[512 * 1024 * 1024]));
        using var raw = new RawCall(server.Target);
        await raw.PostAsync("UnaryCall", RawCall.Message(0, []), [], Cancellation);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var response = await raw.PostAsync("UnaryCall", bomb, [("grpc-encoding", "gzip")], Cancellation);

        Assert.Equal(8, response.Status);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 12 * Limit);
    }

    [Fact]
    public async Task Response_Bomb_IsRefusedInLittleMemory()
    {
        await using var peer = await Peers.PeerServer.StartAsync("malformed-server.js");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{peer.Port}");
        var client = new TestService.TestServiceClient(channel);
        await client.UnaryCallAsync(new SimpleRequest(), new Metadata { { "x-case", "well" } }, cancellationToken: Cancellation);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => client.UnaryCallAsync(new SimpleRequest(), new Metadata { { "x-case", "gzip_bomb" } }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 12 * Limit);
    }

    [Fact]
    public async Task Responses_ManyOverTheLimit_TakeNothingFromTheConnection()
    {
        await using var large = await TestServer.StartAsync<InteropService>();
        using var channel = GrpcChannel.ForAddress(large.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 1000 });
        var client = new TestService.TestServiceClient(channel);

        // Together they are longer than what a connection lets through unread.
        for (var i = 0; i < 60; i++)
        {
            var exception = await Assert.ThrowsAsync<RpcException>(
                () => client.UnaryCallAsync(new SimpleRequest { ResponseSize = 2_000_000 }, cancellationToken: Cancellation).ResponseAsync);
            Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        }

        await client.UnaryCallAsync(new SimpleRequest { ResponseSize = 900 }, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sending_OverTheSendersLimit_EndsAsResourceExhausted(bool ofServer)
    {
        await using var limited = await TestServer.StartAsync<InteropService>(builder => builder.Services.AddGrpc(options => options.MaxSendMessageSize = 1000));
        using var channel = GrpcChannel.ForAddress(limited.Address, new GrpcChannelOptions { MaxSendMessageSize = 1000 });
        var request = ofServer ? new SimpleRequest { ResponseSize = 1001 } : new SimpleRequest { Payload = InteropService.Zeros(1001) };

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).UnaryCallAsync(request, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(
            (StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."),
            (exception.StatusCode, exception.Status.Detail));
    }
}
