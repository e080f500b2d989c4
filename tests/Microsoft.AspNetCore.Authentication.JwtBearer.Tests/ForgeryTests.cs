using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.AspNetCore.Authentication.JwtBearer.Tests;

/// <summary>Tokens that an attacker would try: https://www.rfc-editor.org/rfc/rfc8725.</summary>
public sealed class ForgeryTests(ProtectedFixture shared) : IClassFixture<ProtectedFixture>
{
    private readonly Issuer issuer = shared.Issuer;
    private readonly Protected application = shared.Application;

    [Fact]
    public async Task Token_Genuine_IsTaken() => Assert.Equal(HttpStatusCode.OK, (await application.CallAsync(issuer.Issue())).Status);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task Algorithm_None_IsRefused(string algorithm) => await application.AssertRefusedAsync(
        Issuer.Sign(issuer.Header(("alg", algorithm)).ToJsonString(), issuer.Payload(("sub", "root")).ToJsonString(), _ => []), "its signature is not by a known key");

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS512")]
    public async Task Algorithm_MacOverThePublicKey_IsRefused(string algorithm)
    {
        byte[][] secrets = [Encoding.UTF8.GetBytes(issuer.Keys), issuer.Key.ExportSubjectPublicKeyInfo(), Encoding.UTF8.GetBytes(issuer.Key.ExportSubjectPublicKeyInfoPem())];
        foreach (var secret in secrets)
        {
            var forged = Issuer.Sign(
                issuer.Header(("alg", algorithm)).ToJsonString(),
                issuer.Payload(("sub", "root")).ToJsonString(),
                data => algorithm == "HS256" ? HMACSHA256.HashData(secret, data) : HMACSHA512.HashData(secret, data));

            await application.AssertRefusedAsync(forged, "its signature is not by a known key");
        }
    }

    [Fact]
    public async Task KeyId_OfNoKey_IsRefused() => await application.AssertRefusedAsync(issuer.Sign(issuer.Header(("kid", "key-2")), issuer.Payload()), "its signature is not by a known key");

    [Fact]
    public async Task KeyId_Missing_IsTakenWhenAKnownKeySigned() =>
        Assert.Equal(HttpStatusCode.OK, (await application.CallAsync(issuer.Sign(issuer.Header(("kid", null)), issuer.Payload()))).Status);

    [Fact]
    public async Task KeyId_OfAnotherIssuersKey_IsRefused()
    {
        using var stranger = new Issuer();

        await application.AssertRefusedAsync(stranger.Issue(), "its signature is not by a known key");
    }

    [Theory]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    public async Task Header_BringsItsOwnKey_IsNotBelieved(string header)
    {
        using var stranger = new Issuer { KeyId = "own" };

        await application.AssertRefusedAsync(stranger.Sign(stranger.Header((header, stranger.Keys)), stranger.Payload()), "its signature is not by a known key");
    }

    [Fact]
    public async Task Header_CriticalAndUnknown_IsRefused() => await application.AssertRefusedAsync(
        issuer.Sign(issuer.Header(("crit", new System.Text.Json.Nodes.JsonArray("b64")), ("b64", false)), issuer.Payload()), "critical headers");

    [Fact]
    public async Task Payload_ClaimTwice_IsRefused()
    {
        var payload = issuer.Payload().ToJsonString();
        var twice = Issuer.Sign(issuer.Header().ToJsonString(), $"{payload[..^1]},\"sub\":\"root\"}}", issuer.Rs256);

        await application.AssertRefusedAsync(twice, "The token does not parse.");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.e30.e30.e30")]
    [InlineData("W10.W10.")]
    public async Task Text_ThatIsNoToken_IsRefused(string token) => await application.AssertRefusedAsync(token, "invalid_token");

    [Fact]
    public async Task Token_OverTheSizeLimit_IsRefusedUnread() =>
        await application.AssertRefusedAsync(issuer.Issue(("padding", new string('x', 250 * 1024))), "The token is longer than");

    [Fact]
    public async Task Scheme_Another_IsNotOurs() => Assert.Equal(HttpStatusCode.Unauthorized, (await application.CallAsync(issuer.Issue(), "Basic")).Status);

    [Fact]
    public async Task NoToken_Sent_IsChallengedWithoutAnError()
    {
        var (status, _, challenge) = await application.CallAsync(null);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (status, challenge));
    }
}
