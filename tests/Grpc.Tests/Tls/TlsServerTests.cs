using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Grpc.Tests.Tls;

/// <summary>Our server behind TLS, called by peers and by our own client.</summary>
public sealed class TlsServerTests(TestAuthority authority) : IClassFixture<TestAuthority>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("node", "client.js", "large_unary", "size", "314159")]
    [InlineData("node", "client.js", "client_streaming", "sum", "74922")]
    [InlineData("node", "client.js", "server_streaming", "code", "0")]
    [InlineData("node", "client.js", "ping_pong", "code", "0")]
    [InlineData("node", "client.js", "custom_metadata", "trailing", "ababab")]
    [InlineData(PeerProcess.Python, "client.py", "large_unary", "code", "0")]
    [InlineData(PeerProcess.Python, "client.py", "server_streaming", "count", "4")]
    [InlineData(PeerProcess.Python, "client.py", "custom_metadata", "trailing", "ababab")]
    public async Task Call_PeerTrustsTheAuthority_SeesWhatTheStandardSays(string program, string script, string name, string key, string expected)
    {
        await using var server = await StartAsync();

        var seen = await CaseAsync(program, script, server, name, authority.Files(null));

        Assert.True(seen[key]?.ToString() == expected, seen.ToJsonString());
    }

    [Fact]
    public async Task Call_OurClientTrustsTheAuthority_Answers()
    {
        await using var server = await StartAsync();
        using var channel = server.CreateChannel(authority.CreateHandler());

        var response = await new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest { ResponseSize = 314_159 }, cancellationToken: Cancellation);

        Assert.Equal(314_159, response.Payload.Body.Length);
    }

    [Fact]
    public async Task Call_OurClientTrustsAnotherAuthority_Fails()
    {
        await using var server = await StartAsync();
        using var other = new TestAuthority();
        using var channel = server.CreateChannel(other.CreateHandler());

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: Cancellation).ResponseAsync);

        Assert.Contains("certificate", exception.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("node", "client.js")]
    [InlineData(PeerProcess.Python, "client.py")]
    public async Task Call_PeerTrustsAnotherAuthority_EndsAsUnavailable(string program, string script)
    {
        await using var server = await StartAsync();
        using var other = new TestAuthority();

        var seen = await CaseAsync(program, script, server, "empty_unary", other.Files(null));

        Assert.Equal(14, (int)seen["code"]!);
    }

    [Theory]
    [InlineData(null, null, 14)]
    [InlineData("node", "client.js", 0)]
    [InlineData(PeerProcess.Python, "client.py", 0)]
    public async Task ClientCertificate_ServerWantsOne_OnlyItsHoldersAreServed(string? program, string? script, int expected)
    {
        AuthContext? seen = null;
        var service = new ScriptedService
        {
            Unary = (_, context) =>
            {
                seen = context.AuthContext;
                return Task.FromResult(new SimpleResponse { Payload = InteropService.Zeros(1) });
            },
        };
        await using var server = await TestServer.StartAsync(service, listen: endpoint => endpoint.UseHttps(https =>
        {
            https.ServerCertificate = authority.Server;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == authority.Roots[0].Subject;
        }));

        var outcome = await CaseAsync(program ?? "node", script ?? "client.js", server, program is null ? "empty_unary" : "large_unary", authority.Files(program is null ? null : "client"));

        Assert.True((int)outcome["code"]! == expected, outcome.ToJsonString());
        if (expected == 0)
        {
            Assert.True(seen!.IsPeerAuthenticated);
            Assert.Equal("client.tests.mainstay", Assert.Single(seen.PeerIdentity).Value);
            Assert.Equal("a-known-client", Assert.Single(seen.FindPropertiesByName("x509_common_name")).Value);
        }
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync<InteropService>(listen: endpoint => endpoint.UseHttps(authority.Server));

    private static Task<JsonObject> CaseAsync(string program, string script, TestServer server, string name, JsonObject files) => PeerProcess.CaseAsync(
        program, script, server.Target, name, Cancellation, new JsonObject { ["tls"] = files }.ToJsonString());
}
