using System.Security.Claims;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.ServiceDefaults.Tests.Authentication;

public sealed class VerifiedTokensTests : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly string file = Path.GetTempFileName();
    private readonly ManualClock clock = new();
    private readonly TestTokens issuer = new();
    private readonly ClaimsPrincipal ada = new(new ClaimsIdentity([new Claim("sub", "ada")], "Bearer"));
    private readonly SigningKeys keys;
    private readonly VerifiedTokens verified;

    public VerifiedTokensTests()
    {
        File.WriteAllText(file, issuer.KeySet.ToJsonString());
        keys = new SigningKeys(file, clock, NullLogger<SigningKeys>.Instance);
        verified = new VerifiedTokens(keys, clock, Skew);
    }

    [Fact]
    public void Find_TokenThatWasVerified_IsItsPrincipalAndNobodyElses()
    {
        Remember("Bearer a");

        Assert.Same(ada, verified.Find("Bearer a"));
        Assert.Null(verified.Find("Bearer b"));
        Assert.Null(verified.Find("bearer a"));
    }

    [Fact]
    public void Find_TokenThatHasExpired_HasToBeVerifiedAgain()
    {
        Remember("Bearer a", TimeSpan.FromSeconds(60));

        clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Same(ada, verified.Find("Bearer a"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(verified.Find("Bearer a"));
    }

    [Fact]
    public void Find_KeysThatHaveChanged_HasToBeVerifiedAgainWithinFiveMinutes()
    {
        Remember("Bearer a");
        using var other = new TestTokens();
        File.WriteAllText(file, other.KeySet.ToJsonString());

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(verified.Find("Bearer a"));
    }

    [Fact]
    public void Find_KeysReadAgainAndTheSame_StaysVerified()
    {
        Remember("Bearer a");

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Same(ada, verified.Find("Bearer a"));
    }

    [Fact]
    public void Remember_KeysThatChangedWhileItWasVerified_DoesNotCount()
    {
        var before = keys.Epoch();
        using var other = new TestTokens();
        File.WriteAllText(file, other.KeySet.ToJsonString());
        clock.Advance(TimeSpan.FromMinutes(5));

        verified.Remember("Bearer a", ada, clock.GetUtcNow().AddHours(1), before);

        Assert.Null(verified.Find("Bearer a"));
    }

    [Fact]
    public void Remember_TokensWithoutEnd_KeepsABoundedNumber()
    {
        foreach (var number in Enumerable.Range(0, 10_000))
        {
            Remember($"Bearer {number}");
        }

        Assert.InRange(Enumerable.Range(0, 10_000).Count(number => verified.Find($"Bearer {number}") is not null), 1, 4096);
        Remember("Bearer " + new string('x', 5000));
        Assert.Null(verified.Find("Bearer " + new string('x', 5000)));
    }

    public void Dispose()
    {
        File.Delete(file);
        issuer.Dispose();
    }

    private void Remember(string token, TimeSpan? lifetime = null) =>
        verified.Remember(token, ada, clock.GetUtcNow() + (lifetime ?? TimeSpan.FromHours(1)), keys.Epoch());
}
