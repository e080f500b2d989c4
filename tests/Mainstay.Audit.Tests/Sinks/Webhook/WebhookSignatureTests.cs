using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Webhook;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

public sealed class WebhookSignatureTests
{
    private static readonly JsonArray Vectors = JsonNode.Parse(File.ReadAllText("Sinks/Webhook/vectors/sign.json"))!.AsArray();

    public static TheoryData<string> Names => [.. Vectors.Select(vector => (string)vector!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sign_ReferenceCase_GivesTheReferenceSignature(string name)
    {
        var vector = Vectors.Single(vector => (string)vector!["name"]! == name)!;
        Assert.True(WebhookSignature.TryParse((string)vector["secret"]!, out var signature));

        Assert.Equal((string)vector["signature"]!, signature!.Sign((string)vector["id"]!, (long)vector["timestamp"]!, (string)vector["body"]!));
    }

    [Fact]
    public void Sign_TwoSecrets_GivesASignatureForEach()
    {
        var secrets = Vectors.Take(2).Select(vector => (string)vector!["secret"]!).ToArray();
        Assert.True(WebhookSignature.TryParse(string.Join(' ', secrets), out var both));
        Assert.True(WebhookSignature.TryParse(secrets[1], out var second));

        var signatures = both!.Sign("evt_1", 1, "{}").Split(' ');

        Assert.Equal(2, signatures.Length);
        Assert.Equal(second!.Sign("evt_1", 1, "{}"), signatures[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64")]
    [InlineData("whsec_c2hvcnQ=")]
    public void TryParse_OtherText_IsRefused(string secret) => Assert.False(WebhookSignature.TryParse(secret, out _));
}
