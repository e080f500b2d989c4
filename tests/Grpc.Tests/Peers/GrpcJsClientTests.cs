using System.Text.Json.Nodes;
using Grpc.Tests.Interop;

namespace Grpc.Tests.Peers;

/// <summary>@grpc/grpc-js as the client of our server.</summary>
public sealed class GrpcJsClientTests(InteropServer server) : IClassFixture<InteropServer>
{
    [Theory]
    [InlineData("empty_unary", """{"code":0}""")]
    [InlineData("large_unary", """{"code":0,"size":314159}""")]
    [InlineData("compressed_unary", """{"code":0,"size":1000}""")]
    [InlineData("client_streaming", """{"code":0,"sum":74922}""")]
    [InlineData("server_streaming", """{"sizes":[31415,9,2653,58979],"code":0,"details":""}""")]
    [InlineData("ping_pong", """{"sizes":[31415,9,2653,58979],"code":0,"details":""}""")]
    [InlineData("cancel_after_begin", """{"code":1}""")]
    [InlineData("cancel_after_first_response", """{"sizes":[31415],"code":1,"details":"Cancelled on client"}""")]
    [InlineData("status_code_and_message", """{"code":2,"details":"\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"}""")]
    [InlineData("unimplemented_method", """{"code":12}""")]
    [InlineData("unimplemented_service", """{"code":12}""")]
    [InlineData("custom_metadata", """{"code":0,"initial":"test_initial_metadata_value","trailing":"ababab"}""")]
    [InlineData("status_details", """{"code":3,"carriesReason":true,"carriesField":true}""")]
    public async Task Case_CalledByGrpcJs_SeesWhatTheStandardSays(string name, string expected)
    {
        var seen = await PeerProcess.CaseAsync("node", "client.js", server.Target, name, TestContext.Current.CancellationToken);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), seen), seen.ToJsonString());
    }

    [Theory]
    [InlineData("reflection_v1")]
    [InlineData("reflection_v1alpha")]
    public async Task Reflection_AskedByGrpcJs_DescribesTheServices(string name)
    {
        var seen = await PeerProcess.CaseAsync("node", "client.js", server.Target, name, TestContext.Current.CancellationToken);

        Assert.Equal((0, true, 5), ((int)seen["code"]!, (bool)seen["describes"]!, (int)seen["missing"]!));
        Assert.Contains("grpc.testing.TestService", seen["services"]!.AsArray().Select(service => service!.ToString()));
    }

    [Fact]
    public async Task TimeoutOnSleepingServer_CalledByGrpcJs_EndsAsDeadlineExceeded()
    {
        var seen = await PeerProcess.CaseAsync("node", "client.js", server.Target, "timeout_on_sleeping_server", TestContext.Current.CancellationToken);

        Assert.Equal(4, (int)seen["code"]!);
    }
}
