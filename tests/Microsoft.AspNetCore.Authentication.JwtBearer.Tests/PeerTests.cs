using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Microsoft.AspNetCore.Authentication.JwtBearer.Tests;

/// <summary>Tokens and their keys as npm's jose makes them.</summary>
public sealed class PeerFixture : IAsyncLifetime
{
    private JsonNode issued = null!;

    internal Protected Application { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var directory = typeof(PeerFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PeersDirectory").Value!;
        var start = new ProcessStartInfo(
            "node", [Path.Combine(directory, "issue.js"), Issuer.Name, Issuer.Audience, "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"])
        {
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        issued = JsonNode.Parse(await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        Application = await Protected.StartAsync(Protected.Trusting(new JsonObject { ["keys"] = issued["keys"]!.DeepClone() }.ToJsonString()));
    }

    public ValueTask DisposeAsync() => Application.DisposeAsync();

    public string Token(string algorithm) => issued["tokens"]![algorithm]!.GetValue<string>();
}

public sealed class PeerTests(PeerFixture peer) : IClassFixture<PeerFixture>
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Token_OfAPeer_IsTaken(string algorithm)
    {
        var (status, body, _) = await peer.Application.CallAsync(peer.Token(algorithm));

        Assert.Equal((HttpStatusCode.OK, "ada"), (status, body));
    }

    // .NET has no Ed25519: its keys are left out of a set, and what they sign is refused.
    [Fact]
    public async Task Token_OfEdDsa_IsRefused() => await peer.Application.AssertRefusedAsync(peer.Token("EdDSA"), "its signature is not by a known key");

    [Fact]
    public async Task Token_SignedForOneKeyNamingAnother_IsRefused()
    {
        var token = peer.Token("ES256").Split('.');
        var other = peer.Token("RS256").Split('.');

        await peer.Application.AssertRefusedAsync($"{other[0]}.{token[1]}.{token[2]}", "its signature is not by a known key");
    }
}
