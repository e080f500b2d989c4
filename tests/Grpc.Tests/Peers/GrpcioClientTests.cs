using Grpc.Tests.Interop;

namespace Grpc.Tests.Peers;

/// <summary>Debian's python3-grpcio as the client of our server.</summary>
public sealed class GrpcioClientTests(InteropServer server) : IClassFixture<InteropServer>
{
    [Theory]
    [InlineData("empty_unary", "code", "0")]
    [InlineData("large_unary", "code", "0")]
    [InlineData("compressed_unary", "code", "0")]
    [InlineData("client_streaming", "length", "4")]
    [InlineData("server_streaming", "count", "4")]
    [InlineData("timeout_on_sleeping_server", "code", "4")]
    [InlineData("ping_pong", "count", "4")]
    [InlineData("cancel_after_begin", "code", "1")]
    [InlineData("cancel_after_first_response", "code", "1")]
    [InlineData("status_code_and_message", "details", "special ☺ 😈\r\n")]
    [InlineData("unimplemented_method", "code", "12")]
    [InlineData("unimplemented_service", "code", "12")]
    [InlineData("custom_metadata", "trailing", "ababab")]
    [InlineData("custom_metadata", "initial", "test_initial_metadata_value")]
    public async Task Case_CalledByGrpcio_SeesWhatTheStandardSays(string name, string key, string expected)
    {
        var seen = await PeerProcess.CaseAsync(PeerProcess.Python, "client.py", server.Target, name, TestContext.Current.CancellationToken);

        Assert.True(seen[key]?.ToString() == expected, seen.ToJsonString());
    }
}
