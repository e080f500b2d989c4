using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;

namespace Grpc.Tests.Retries;

/// <summary>A call that the server has not seen is sent again, with no policy at all.</summary>
public sealed class TransparentRetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("stream")]
    [InlineData("goaway")]
    public async Task Unary_ServerRefusesOnce_AnswersInTheSecondAttempt(string how)
    {
        await using var server = await PeerServer.StartAsync("refusing-server.js", how, "1");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.Port}");
        var client = new TestService.TestServiceClient(channel);
        await client.EmptyCallAsync(new Empty(), cancellationToken: Cancellation);

        using var call = client.EmptyCallAsync(new Empty(), cancellationToken: Cancellation);
        await call;

        Assert.Equal("3", (await call.ResponseHeadersAsync).GetValue("x-seen"));
    }

    [Fact]
    public async Task Unary_ServerRefusesForEver_EndsAsUnavailable()
    {
        await using var server = await PeerServer.StartAsync("refusing-server.js", "stream", "999");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.Port}");
        var client = new TestService.TestServiceClient(channel);
        await client.EmptyCallAsync(new Empty(), cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => client.EmptyCallAsync(new Empty(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }
}
