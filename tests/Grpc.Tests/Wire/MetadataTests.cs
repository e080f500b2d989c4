using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;

namespace Grpc.Tests.Wire;

/// <summary>Metadata as they travel: bytes unaltered, too much of them refused.</summary>
public sealed class MetadataTests(InteropServer ours, GrpcJsServer grpcJs) : IClassFixture<InteropServer>, IClassFixture<GrpcJsServer>
{
    private const string Echoed = "x-grpc-test-echo-trailing-bin";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(256, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(256, true)]
    public async Task Binary_AnyBytes_ComeBackUnaltered(int length, bool fromGrpcJs)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(255 - i)).ToArray();
        using var call = new TestService.TestServiceClient(fromGrpcJs ? grpcJs.Channel : ours.Channel)
            .UnaryCallAsync(new SimpleRequest(), new Metadata { { Echoed, bytes } }, cancellationToken: Cancellation);
        await call;

        Assert.Equal(bytes, call.GetTrailers().GetValueBytes(Echoed));
    }

    [Theory]
    [InlineData("AQI=,AwQ=")]
    [InlineData("AQI,AwQ")]
    [InlineData("AQI= , !not base64! , AwQ")]
    public async Task Binary_SeveralInOneHeader_AreTakenApart(string header)
    {
        IEnumerable<byte[]>? seen = null;
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            Unary = (_, context) =>
            {
                seen = [.. context.RequestHeaders.GetAll("x-several-bin").Select(entry => entry.ValueBytes)];
                return Task.FromResult(new SimpleResponse());
            },
        });
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("UnaryCall", RawCall.Message(0, []), [("x-several-bin", header)], Cancellation);

        Assert.Equal(0, response.Status);
        Assert.Equal([[1, 2], [3, 4]], seen);
    }

    [Fact]
    public async Task RequestHeaders_OfTheTransport_AreNoMetadata()
    {
        string[]? seen = null;
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            Unary = (_, context) =>
            {
                seen = [.. context.RequestHeaders.Select(entry => entry.Key)];
                return Task.FromResult(new SimpleResponse());
            },
        });
        using var channel = server.CreateChannel();

        await new TestService.TestServiceClient(channel).UnaryCallAsync(
            new SimpleRequest(), new Metadata { { "x-mine", "1" } }, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1), Cancellation);

        Assert.Equal(["user-agent", "x-mine"], seen!.Except(["content-length"]).Order());
    }

    [Fact]
    public async Task RequestHeaders_OverTheLimit_AreRefusedAndTheServerGoesOn()
    {
        using var channel = GrpcChannel.ForAddress($"http://{ours.Target}");
        var client = new TestService.TestServiceClient(channel);
        var headers = new Metadata { { "x-large", new string('x', 100_000) } };

        var exception = await Assert.ThrowsAsync<RpcException>(() => client.EmptyCallAsync(new Empty(), headers, cancellationToken: Cancellation).ResponseAsync);

        Assert.NotEqual(StatusCode.OK, exception.StatusCode);
        await client.EmptyCallAsync(new Empty(), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task RequestHeaders_OverTheLimitFromGrpcJs_AreRefusedAndTheServerGoesOn()
    {
        var seen = await PeerProcess.CaseAsync("node", "client.js", ours.Target, "large_headers", Cancellation);

        Assert.NotEqual(0, (int)seen["large"]!);
        Assert.Equal(0, (int)seen["after"]!);
    }
}
