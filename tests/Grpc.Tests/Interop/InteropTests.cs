using Google.Rpc;
using Grpc.Core;

namespace Grpc.Tests.Interop;

/// <summary>The standard cases, our client against our server, and what is ours beside them.</summary>
public sealed class InteropTests(InteropServer server) : InteropCases(server.Channel), IClassFixture<InteropServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StatusDetails_ServerFails_ArriveAsRpcStatus()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => new TestService.TestServiceClient(server.Channel).FailWithDetailsAsync(new SimpleRequest(), cancellationToken: Cancellation).ResponseAsync);

        var status = exception.GetRpcStatus()!;
        Assert.Equal("FIELD_INVALID", status.GetDetail<ErrorInfo>()!.Type);
        Assert.Equal("version", Assert.Single(status.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task NoServer_Called_EndsAsUnavailable()
    {
        using var channel = Net.Client.GrpcChannel.ForAddress("http://127.0.0.1:1");

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }
}
