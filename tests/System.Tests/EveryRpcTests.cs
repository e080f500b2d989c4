using System.Text.Json;
using Grpc.Core;

namespace Mainstay.SystemTests;

/// <summary>Every rpc of every service, found by reflection and called by grpc-js.</summary>
[Collection(StackFixture.Collection)]
public sealed class EveryRpcTests(StackFixture stack)
{
    private static readonly string[] Rpcs = [.. Contracts.Services.SelectMany(service => service.Methods.Select(method => $"{service.FullName}/{method.Name}"))];

    [Fact]
    public async Task EveryRpc_WithoutAToken_IsUnauthenticated()
    {
        var codes = await WalkAsync("");

        Assert.Equal(Rpcs.Order(), codes.Keys.Order());
        Assert.All(codes, rpc => Assert.Equal((rpc.Key, StatusCode.Unauthenticated), (rpc.Key, rpc.Value)));
    }

    [Fact]
    public async Task EveryRpc_WithAToken_IsThere()
    {
        var codes = await WalkAsync(stack.Token());

        Assert.Equal(Rpcs.Order(), codes.Keys.Order());
        Assert.All(codes, rpc => Assert.DoesNotContain(rpc.Value, new[] { StatusCode.Unauthenticated, StatusCode.Unimplemented, StatusCode.Internal, StatusCode.Unknown }));
    }

    [Fact]
    public async Task EveryService_AskedByBufCurl_ListsItself()
    {
        foreach (var service in stack.Environment.Endpoints.Services.Keys)
        {
            var listed = await Peer.BufAsync("curl", "--protocol", "grpc", "--http2-prior-knowledge", "--list-services", $"http://{stack.Address(service)}");

            Assert.Contains("mainstay.", listed, StringComparison.Ordinal);
            Assert.Contains("grpc.health.v1.Health", listed, StringComparison.Ordinal);
        }
    }

    private async Task<Dictionary<string, StatusCode>> WalkAsync(string token)
    {
        var walks = await Task.WhenAll(stack.Environment.Endpoints.Services.Keys.Select(
            service => Peer.NodeAsync("walk.js", [stack.Address(service), .. token.Length > 0 ? [token] : Array.Empty<string>()])));
        return walks.SelectMany(Codes).ToDictionary();
    }

    private static IEnumerable<KeyValuePair<string, StatusCode>> Codes(string walk)
    {
        using var walked = JsonDocument.Parse(walk);
        return [.. walked.RootElement.GetProperty("codes").EnumerateObject().Select(rpc => KeyValuePair.Create(rpc.Name, (StatusCode)rpc.Value.GetInt32()))];
    }
}
