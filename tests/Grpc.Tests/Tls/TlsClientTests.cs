using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;

namespace Grpc.Tests.Tls;

/// <summary>Our client against a TLS server of @grpc/grpc-js.</summary>
public sealed class TlsClientTests(TestAuthority authority) : IClassFixture<TestAuthority>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_AuthorityTrusted_Answers()
    {
        await using var server = await StartAsync();
        using var channel = Channel(server, authority.CreateHandler());

        var response = await new TestService.TestServiceClient(channel).UnaryCallAsync(
            new SimpleRequest { ResponseSize = 314_159, Payload = InteropService.Zeros(271_828) }, cancellationToken: Cancellation);

        Assert.Equal(314_159, response.Payload.Body.Length);
    }

    [Fact]
    public async Task Duplex_AuthorityTrusted_EachRequestIsAnsweredBeforeTheNext()
    {
        await using var server = await StartAsync();
        using var channel = Channel(server, authority.CreateHandler());
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);
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
    public async Task Unary_AuthorityNotTrusted_Fails()
    {
        await using var server = await StartAsync();
        using var channel = GrpcChannel.ForAddress($"https://localhost:{server.Port}");

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Contains("certificate", exception.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(true, StatusCode.OK)]
    [InlineData(false, StatusCode.Unavailable)]
    public async Task ClientCertificate_ServerWantsOne_OnlyItsHoldersAreServed(bool hasCertificate, StatusCode expected)
    {
        await using var server = await StartAsync(wantsClient: true);
        using var channel = Channel(server, authority.CreateHandler(hasCertificate ? authority.Client : null));
        var call = new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: Cancellation);

        await Record.ExceptionAsync(() => call.ResponseAsync);

        Assert.Equal(expected, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task CallCredentials_OverTls_ArriveAsMetadata()
    {
        await using var server = await StartAsync();
        using var channel = Channel(server, authority.CreateHandler());
        var credentials = CallCredentials.FromInterceptor((context, metadata) =>
        {
            metadata.Add("x-grpc-test-echo-initial", $"{context.ServiceUrl}#{context.MethodName}");
            return Task.CompletedTask;
        });

        using var call = new TestService.TestServiceClient(channel).UnaryCallAsync(
            new SimpleRequest(), new CallOptions(credentials: credentials, cancellationToken: Cancellation));

        Assert.Equal(
            $"https://localhost:{server.Port}/grpc.testing.TestService#UnaryCall",
            (await call.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
    }

    [Fact]
    public void SslCredentials_WithRootsOfItsOwn_AreRefused() => Assert.Contains(
        "not supported by GrpcChannel",
        Assert.Throws<InvalidOperationException>(
            () => GrpcChannel.ForAddress("https://localhost", new GrpcChannelOptions { Credentials = new SslCredentials("pem") })).Message);

    private static GrpcChannel Channel(PeerServer server, HttpMessageHandler handler) => GrpcChannel.ForAddress(
        $"https://localhost:{server.Port}",
        new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, Credentials = ChannelCredentials.SecureSsl });

    private Task<PeerServer> StartAsync(bool wantsClient = false)
    {
        var tls = authority.Files("server");
        tls["wantClient"] = wantsClient;
        return PeerServer.StartAsync("server.js", new JsonObject { ["tls"] = tls }.ToJsonString());
    }
}
