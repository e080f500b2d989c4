using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.Interop;

namespace Grpc.Tests.Wire;

/// <summary>Whatever a server answers, the caller gets a status, and the channel goes on.</summary>
public sealed class MalformedResponseTests(MalformedServer server) : IClassFixture<MalformedServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("content_type", StatusCode.Cancelled)]
    [InlineData("http_401", StatusCode.Unauthenticated)]
    [InlineData("http_403", StatusCode.PermissionDenied)]
    [InlineData("http_404", StatusCode.Unimplemented)]
    [InlineData("http_429", StatusCode.Unavailable)]
    [InlineData("http_500", StatusCode.Unknown)]
    [InlineData("http_503", StatusCode.Unavailable)]
    [InlineData("flag_unknown", StatusCode.Internal)]
    [InlineData("flag_without_encoding", StatusCode.Internal)]
    [InlineData("encoding_unknown", StatusCode.Internal)]
    [InlineData("truncated_prefix", StatusCode.Internal)]
    [InlineData("truncated_payload", StatusCode.Internal)]
    [InlineData("length_too_large", StatusCode.ResourceExhausted)]
    [InlineData("garbage", StatusCode.Internal)]
    [InlineData("gzip_garbage", StatusCode.Internal)]
    [InlineData("gzip_truncated", StatusCode.Internal)]
    [InlineData("gzip_bomb", StatusCode.ResourceExhausted)]
    [InlineData("no_message", StatusCode.Internal)]
    [InlineData("two_messages", StatusCode.Internal)]
    [InlineData("status_not_a_number", StatusCode.Unknown)]
    [InlineData("status_unknown", StatusCode.Unknown)]
    [InlineData("message_badly_encoded", StatusCode.NotFound)]
    [InlineData("reset_cancel", StatusCode.Cancelled)]
    [InlineData("reset_calm", StatusCode.ResourceExhausted)]
    [InlineData("reset_security", StatusCode.PermissionDenied)]
    [InlineData("reset_internal", StatusCode.Internal)]
    [InlineData("connection_lost", StatusCode.Unavailable)]
    [InlineData("headers_too_large", StatusCode.Unavailable)]
    [InlineData("trailers_too_large", StatusCode.Unavailable)]
    [InlineData("no_status", StatusCode.Cancelled)]
    public async Task Unary_AnsweredWrongly_EndsWithTheRightCode(string name, StatusCode expected)
    {
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new TestService.TestServiceClient(channel);

        var exception = await Assert.ThrowsAsync<RpcException>(() => client.UnaryCallAsync(new SimpleRequest(), Case(name), cancellationToken: Cancellation).ResponseAsync);

        Assert.True(expected == exception.StatusCode, exception.ToString());
        await client.UnaryCallAsync(new SimpleRequest(), Case("well"), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task StatusMessage_BadlyEncoded_IsKeptAsItIs()
    {
        using var channel = GrpcChannel.ForAddress(server.Address);

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), Case("message_badly_encoded"), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal("100%; %zz ☺", exception.Status.Detail);
    }

    private static Metadata Case(string name) => new() { { "x-case", name } };
}
