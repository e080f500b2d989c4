using System.Net;
using System.Text.Json.Nodes;

namespace Microsoft.AspNetCore.Authentication.JwtBearer.Tests;

/// <summary>What a genuine token must say, at a clock that stands still and may differ by 30 s.</summary>
public sealed class ClaimTests(ProtectedFixture shared) : IClassFixture<ProtectedFixture>
{
    private readonly Issuer issuer = shared.Issuer;
    private readonly Protected application = shared.Application;

    [Theory]
    [InlineData(-29, true)]
    [InlineData(-30, false)]
    [InlineData(-3600, false)]
    public async Task Expiry_Passed_IsForgivenWithinTheSkew(int seconds, bool taken) => await AssertAsync(taken, "exp", Issuer.Now.AddSeconds(seconds).ToUnixTimeSeconds());

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public async Task NotBefore_Ahead_IsForgivenWithinTheSkew(int seconds, bool taken) => await AssertAsync(taken, "nbf", Issuer.Now.AddSeconds(seconds).ToUnixTimeSeconds());

    [Fact]
    public async Task Expiry_Missing_IsRefused() => await AssertAsync(taken: false, "exp", null);

    [Theory]
    [InlineData("\"soon\"")]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Expiry_ThatIsNoTime_IsRefused(string expiry) => await application.AssertRefusedAsync(
        Issuer.Sign(issuer.Header().ToJsonString(), $"{issuer.Payload(("exp", null)).ToJsonString()[..^1]},\"exp\":{expiry}}}", issuer.Rs256), "is not a time");

    [Theory]
    [InlineData("https://issuer.test/")]
    [InlineData("HTTPS://ISSUER.TEST")]
    [InlineData("")]
    public async Task Issuer_AnyOther_IsRefused(string name) => await AssertAsync(taken: false, "iss", name);

    [Fact]
    public async Task Issuer_Missing_IsRefused() => await AssertAsync(taken: false, "iss", null);

    [Fact]
    public async Task Issuer_NoneConfigured_IsNotMatchedByATokenWithoutOne()
    {
        await using var careless = await Protected.StartAsync(
            options =>
            {
                Protected.Trusting(issuer)(options);
                options.TokenValidationParameters.ValidIssuer = null;
            },
            new FixedClock(Issuer.Now));

        await careless.AssertRefusedAsync(issuer.Issue(("iss", null)), "it is from another issuer");
    }

    [Theory]
    [InlineData("other")]
    [InlineData("Mainstay")]
    public async Task Audience_AnyOther_IsRefused(string audience) => await AssertAsync(taken: false, "aud", audience);

    [Fact]
    public async Task Audience_Missing_IsRefused() => await AssertAsync(taken: false, "aud", null);

    [Fact]
    public async Task Audience_OneOfSeveral_IsTaken() => await AssertAsync(taken: true, "aud", new JsonArray("other", Issuer.Audience));

    [Fact]
    public async Task Algorithm_NotAllowed_IsRefusedThoughTheKeyFits()
    {
        await using var strict = await Protected.StartAsync(
            options =>
            {
                Protected.Trusting(issuer)(options);
                options.TokenValidationParameters.ValidAlgorithms = ["ES256"];
            },
            new FixedClock(Issuer.Now));

        await strict.AssertRefusedAsync(issuer.Issue(), "its algorithm 'RS256' is not allowed");
    }

    private async Task AssertAsync(bool taken, string claim, JsonNode? value) =>
        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await application.CallAsync(issuer.Issue((claim, value)))).Status);
}
