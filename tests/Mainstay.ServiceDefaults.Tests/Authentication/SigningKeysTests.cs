using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.ServiceDefaults.Tests.Authentication;

public sealed class SigningKeysTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();
    private readonly ManualClock clock = new();
    private readonly TestTokens first = new();
    private readonly TestTokens second = new();

    [Fact]
    public void Find_KeyAddedToTheFile_IsFoundOnceTenSecondsHavePassed()
    {
        var keys = FromFile(first);
        Assert.Single(keys.Find(first.KeyId));
        Write(first, second);

        Assert.Empty(keys.Find(second.KeyId));
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Single(keys.Find(second.KeyId));
    }

    [Fact]
    public void Find_KeyWithdrawnFromTheFile_StopsCountingAfterFiveMinutes()
    {
        var keys = FromFile(first, second);
        Assert.Single(keys.Find(first.KeyId));
        Write(second);
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(keys.Find(first.KeyId));
        Assert.Single(keys.Find(second.KeyId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"!\", \"y\": \"!\"}]}")]
    public void Find_FileBroken_KeepsTheFormerKeys(string broken)
    {
        var keys = FromFile(first);
        Assert.Single(keys.Find(first.KeyId));
        File.WriteAllText(file, broken);
        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Single(keys.Find(first.KeyId));
    }

    [Fact]
    public void Find_UnknownKeyAskedForOverAndOver_ReadsOnceInTenSeconds()
    {
        var keys = FromFile(first);
        Assert.Empty(keys.Find("unknown"));
        File.Delete(file);

        for (var i = 0; i < 1000; i++)
        {
            Assert.Empty(keys.Find($"unknown-{i}"));
        }

        Assert.Single(keys.Find(first.KeyId));
    }

    [Fact]
    public async Task Find_KeysBehindAnAddress_AreReadAgainWhenTheyRotate()
    {
        var published = first.KeySet;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var issuer = builder.Build();
        issuer.Urls.Add("http://127.0.0.1:0");
        issuer.MapGet("/jwks", () => published);
        await issuer.StartAsync(TestContext.Current.CancellationToken);
        var keys = new SigningKeys($"{issuer.Urls.First()}/jwks", clock, NullLogger<SigningKeys>.Instance);
        Assert.Single(keys.Find(first.KeyId));

        published = second.KeySet;
        clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Single(keys.Find(second.KeyId));
        Assert.Empty(keys.Find(first.KeyId));
        await issuer.StopAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Single(keys.Find(second.KeyId));
    }

    public void Dispose()
    {
        File.Delete(file);
        first.Dispose();
        second.Dispose();
    }

    private SigningKeys FromFile(params TestTokens[] issuers)
    {
        Write(issuers);
        return new SigningKeys(file, clock, NullLogger<SigningKeys>.Instance);
    }

    private void Write(params TestTokens[] issuers) => File.WriteAllText(
        file, new JsonObject { ["keys"] = new JsonArray([.. issuers.Select(issuer => issuer.KeySet["keys"]![0]!.DeepClone())]) }.ToJsonString());
}

/// <summary>A clock that moves when a test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
