using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Mainstay.ServiceDefaults.Tests.Hosting;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.ServiceDefaults.Tests.Authentication;

public sealed class TokenTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task Token_Valid_IsTaken() => Assert.Null(await RefusalAsync(probe.Service.Tokens.Create()));

    [Fact]
    public async Task Token_ExpiredBeyondTheClockSkew_IsRefused() => await AssertRefusedAsync(probe.Service.Tokens.Create("ada", ("exp", Now - 60)));

    [Fact]
    public async Task Token_ExpiredWithinTheClockSkew_IsTaken() => Assert.Null(await RefusalAsync(probe.Service.Tokens.Create("ada", ("exp", Now - 5))));

    [Fact]
    public async Task Token_NotYetValid_IsRefused() => await AssertRefusedAsync(probe.Service.Tokens.Create("ada", ("nbf", Now + 600)));

    [Fact]
    public async Task Token_WithoutExpiry_IsRefused() => await AssertRefusedAsync(Without("exp"));

    [Fact]
    public async Task Token_ForAnotherAudience_IsRefused() => await AssertRefusedAsync(probe.Service.Tokens.Create("ada", ("aud", "somebody-else")));

    [Fact]
    public async Task Token_FromAnotherIssuer_IsRefused() => await AssertRefusedAsync(probe.Service.Tokens.Create("ada", ("iss", "https://evil.test")));

    [Fact]
    public async Task Token_ByAnUnknownKey_IsRefused()
    {
        using var stranger = new TestTokens();

        await AssertRefusedAsync(stranger.Create());
    }

    [Fact]
    public async Task Token_PayloadAltered_IsRefused()
    {
        var parts = probe.Service.Tokens.Create().Split('.');
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        payload["role"] = "admin";

        await AssertRefusedAsync($"{parts[0]}.{Encode(payload)}.{parts[2]}");
    }

    [Fact]
    public async Task Token_AlgorithmNone_IsRefused()
    {
        var payload = probe.Service.Tokens.Create().Split('.')[1];

        await AssertRefusedAsync($"{Encode(new JsonObject { ["alg"] = "none" })}.{payload}.");
    }

    [Fact]
    public async Task Token_PublicKeyAsSharedSecret_IsRefused()
    {
        var header = Encode(new JsonObject { ["alg"] = "HS256", ["kid"] = probe.Service.Tokens.KeyId });
        var signed = $"{header}.{probe.Service.Tokens.Create().Split('.')[1]}";
        var secret = Encoding.UTF8.GetBytes(probe.Service.Tokens.KeySet.ToJsonString());

        await AssertRefusedAsync($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    [InlineData("e30.e30.")]
    public async Task Token_ThatIsNone_IsRefused(string token) => await AssertRefusedAsync(token);

    [Fact]
    public async Task Token_Oversize_IsRefused() => await AssertRefusedAsync(probe.Service.Tokens.Create("ada", ("padding", new string('x', 16 * 1024))));

    [Fact]
    public async Task Token_Missing_IsSaid()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => new SkillService.SkillServiceClient(probe.Service.Channel)
            .GetSkillAsync(new GetSkillRequest { SkillName = "caller" }, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_MISSING"), (refusal.StatusCode, ReasonOf(refusal)));
        Assert.Contains("authorization: Bearer", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_UsedAgain_IsThatCallersAndNobodyElses()
    {
        var (ada, ben) = (probe.Service.Tokens.Create("ada"), probe.Service.Tokens.Create("ben"));

        string[] callers = [await CallerAsync(ada), await CallerAsync(ada), await CallerAsync(ben), await CallerAsync(ada), await CallerAsync(ben)];

        Assert.Equal(["ada", "ada", "ben", "ada", "ben"], callers.Select(caller => caller.Split("Subject = ")[1].Split(',')[0]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Token_WithoutSubject_IsRefusedEachTime(string? subject)
    {
        var token = probe.Service.Tokens.Create("ada", ("sub", subject));

        Assert.Equal(StatusCode.PermissionDenied, (await RefusalAsync(token))?.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await RefusalAsync(token))?.StatusCode);
    }

    [Fact]
    public async Task Token_UsedAgainWhereMoreIsAsked_IsHeldToThat()
    {
        var (user, admin) = (probe.Service.Tokens.Create("ada"), probe.Service.Tokens.Create("eve", ("role", "admin")));
        await CallerAsync(user);
        await CallerAsync(admin);

        Assert.Equal(HttpStatusCode.Forbidden, await AdminsAsync(user));
        Assert.Equal(HttpStatusCode.OK, await AdminsAsync(admin));
        Assert.Equal(HttpStatusCode.Unauthorized, await AdminsAsync("garbage"));
    }

    [Fact]
    public async Task Token_Expired_SaysWhy()
    {
        var refusal = await RefusalAsync(probe.Service.Tokens.Create("ada", ("exp", Now - 60)));

        Assert.Equal("TOKEN_INVALID", ReasonOf(refusal!));
        Assert.Contains("expired", refusal!.Status.Detail, StringComparison.Ordinal);
    }

    private static string? ReasonOf(RpcException refusal) => refusal.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Type;

    private static string Encode(JsonNode node) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(node.ToJsonString()));

    private string Without(string claim) => probe.Service.Tokens.Create("ada", (claim, null));

    private async Task<string> CallerAsync(string token) => (await new SkillService.SkillServiceClient(With(token)).GetSkillAsync(
        new GetSkillRequest { SkillName = "caller" }, cancellationToken: TestContext.Current.CancellationToken)).Skill.Description;

    private async Task<HttpStatusCode> AdminsAsync(string token)
    {
        using var http = new HttpClient { BaseAddress = probe.Service.HttpAddress, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        return (await http.GetAsync("/admins", TestContext.Current.CancellationToken)).StatusCode;
    }

    private CallInvoker With(string token) => probe.Service.Channel.Intercept(metadata =>
    {
        metadata.Add("authorization", $"Bearer {token}");
        return metadata;
    });

    private async Task AssertRefusedAsync(string token) => Assert.Equal(StatusCode.Unauthenticated, (await RefusalAsync(token))?.StatusCode);

    private async Task<RpcException?> RefusalAsync(string token)
    {
        try
        {
            await CallerAsync(token);
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
    }
}
