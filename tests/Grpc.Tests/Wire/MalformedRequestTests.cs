using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grpc.Tests.Wire;

/// <summary>Whatever a caller sends, it gets a status, and the server goes on.</summary>
public sealed class MalformedRequestTests(InteropServer server) : IClassFixture<InteropServer>
{
    private static readonly byte[] Empty = RawCall.Message(0, []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Name, body, encoding, expected status.</summary>
    public static TheoryData<string, byte[], string?, int> Bodies => new()
    {
        { "nothing", [], null, 13 },
        { "part of a prefix", [0, 0, 0], null, 13 },
        { "part of a payload", RawCall.Message(0, [1, 2, 3], announced: 10), null, 13 },
        { "two messages", [.. Empty, .. Empty], null, 13 },
        { "not a message of its type", RawCall.Message(0, [0xff, 0xff, 0xff]), null, 13 },
        { "unknown flag", RawCall.Message(2, []), null, 13 },
        { "compressed, no encoding", RawCall.Message(1, Gzip.Pack([])), null, 13 },
        { "compressed, identity", RawCall.Message(1, Gzip.Pack([])), "identity", 13 },
        { "compressed, unknown encoding", RawCall.Message(1, [1, 2, 3]), "snappy", 12 },
        { "no gzip", RawCall.Message(1, "no gzip at all"u8.ToArray()), "gzip", 13 },
        { "part of a gzip", RawCall.Message(1, Gzip.Pack(new byte[1000])[..20]), "gzip", 13 },
        { "announced over the limit", RawCall.Message(0, [], announced: 4 * 1024 * 1024 + 1), null, 8 },
        { "announced as negative", RawCall.Message(0, [], announced: -1), null, 8 },
        { "well", Empty, null, 0 },
        { "well, compressed", RawCall.Message(1, Gzip.Pack([])), "gzip", 0 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Unary_Malformed_EndsWithTheRightCode(string name, byte[] body, string? encoding, int expected)
    {
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("UnaryCall", body, encoding is null ? [] : [("grpc-encoding", encoding)], Cancellation);

        Assert.True(expected == response.Status, $"{name}: {response}");
        Assert.Equal(0, (await raw.PostAsync("UnaryCall", Empty, [], Cancellation)).Status);
    }

    [Fact]
    public async Task ClientStream_MalformedAfterAGoodMessage_EndsAsInternal()
    {
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("StreamingInputCall", [.. RawCall.Message(0, new StreamingInputCallRequest { Payload = InteropService.Zeros(1) }.ToByteArray()), 0, 0], [], Cancellation);

        Assert.Equal(13, response.Status);
    }

    [Fact]
    public async Task EncodingUnknown_Refused_NamesThoseThatAreKnown()
    {
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("UnaryCall", RawCall.Message(1, [1]), [("grpc-encoding", "snappy")], Cancellation);

        Assert.Equal("identity,gzip", Assert.Single(response.Headers.GetValues("grpc-accept-encoding")));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpcx")]
    public async Task ContentType_NotGrpc_IsUnsupportedMediaType(string contentType)
    {
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("UnaryCall", Empty, [], Cancellation, contentType);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, 13), (response.HttpStatus, response.Status));
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task ContentType_GrpcWithSuffix_IsServed(string contentType)
    {
        using var raw = new RawCall(server.Target);

        Assert.Equal(0, (await raw.PostAsync("UnaryCall", Empty, [], Cancellation, contentType)).Status);
    }

    [Fact]
    public async Task Protocol_Http1_AsksForHttp2()
    {
        await using var old = await TestServer.StartAsync<InteropService>(listen: endpoint => endpoint.Protocols = HttpProtocols.Http1);
        using var http = new HttpClient();
        using var content = new ByteArrayContent(Empty) { Headers = { { "content-type", "application/grpc" } } };

        using var response = await http.PostAsync($"{old.Address}/grpc.testing.TestService/UnaryCall", content, Cancellation);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0004\u0001\u0004\0\0\0\u0001????")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nThese are no frames, whatever one makes of them.")]
    public async Task Connection_NotHttp2_IsClosedAndOthersAreServed(string bytes)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPEndPoint.Parse(server.Target), Cancellation);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), Cancellation);
        tcp.Client.Shutdown(SocketShutdown.Send);

        var answer = new byte[4096];
        while (await ReadAsync(stream, answer) > 0)
        {
        }

        using var raw = new RawCall(server.Target);
        Assert.Equal(0, (await raw.PostAsync("UnaryCall", Empty, [], Cancellation)).Status);
    }

    private static async Task<int> ReadAsync(NetworkStream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer, Cancellation);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
