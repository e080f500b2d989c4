using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Peers;

/// <summary>buf curl, which knows our server by reflection alone.</summary>
public sealed class BufCurlTests(InteropServer server) : IClassFixture<InteropServer>
{
    [Theory]
    [InlineData("grpc-v1")]
    [InlineData("grpc-v1alpha")]
    public async Task ListServices_ByReflection_NamesEveryMappedService(string protocol)
    {
        var output = await CurlAsync(["--list-services", "--reflect-protocol", protocol, $"http://{server.Target}"]);

        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "grpc.testing.TestService"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ListServices_ServiceThatBindsInItsOwnWay_IsNamed()
    {
        await using var own = await TestServer.StartAsync<OwnBinding>(builder => builder.Services.AddGrpcReflection(), map: application => application.MapGrpcReflectionService());

        var output = await CurlAsync(["--list-services", $"http://{own.Target}"]);

        Assert.Contains("grpc.testing.TestService", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ByReflection_Answers()
    {
        var output = await CurlAsync(["--data", """{"response_size": 3}""", $"http://{server.Target}/grpc.testing.TestService/UnaryCall"]);

        Assert.Equal("AAAA", JsonNode.Parse(output)!["payload"]!["body"]!.ToString());
    }

    [Fact]
    public async Task HealthCheck_ServerUp_Serves()
    {
        var output = await CurlAsync(["--data", "{}", $"http://{server.Target}/grpc.health.v1.Health/Check"]);

        Assert.Equal("SERVING", JsonNode.Parse(output)!["status"]!.ToString());
    }

    [BindServiceMethod(typeof(OwnBinding), nameof(Bind))]
    private sealed class OwnBinding : TestService.TestServiceBase
    {
        public static void Bind(ServiceBinderBase binder, OwnBinding? service) => TestService.BindService(binder, service);
    }

    private static Task<string> CurlAsync(string[] arguments) => PeerProcess.RunAsync(
        Path.Combine(PeerProcess.Directory, "node_modules", ".bin", "buf"),
        ["curl", "--protocol", "grpc", "--http2-prior-knowledge", .. arguments],
        TestContext.Current.CancellationToken);
}
