using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Webhook;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

public sealed class WebhookSignatureTests
{
    private static readonly JsonArray Vectors = JsonNode.Parse(File.ReadAllText("vectors/webhooks/sign.json"))!.AsArray();
    private static readonly JsonArray KeyVectors = JsonNode.Parse(File.ReadAllText("vectors/webhooks/sign-ed25519.json"))!.AsArray();
    private static readonly JsonArray Verifications = JsonNode.Parse(File.ReadAllText("vectors/webhooks/verify.json"))!.AsArray();

    public static TheoryData<string> Names => [.. Vectors.Select(vector => (string)vector!["name"]!)];

    public static TheoryData<string> KeyNames => [.. KeyVectors.Select(vector => (string)vector!["name"]!)];

    public static TheoryData<string> Accepted => [.. Verifications.Where(vector => (bool)vector!["expect"]!["valid"]!).Select(vector => (string)vector!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    [MemberData(nameof(KeyNames))]
    public void Sign_ReferenceCase_GivesTheReferenceSignature(string name)
    {
        var vector = Vectors.Concat(KeyVectors).Single(vector => (string)vector!["name"]! == name)!;

        Assert.Equal((string)vector["signature"]!, Sign((string)vector["secret"]!, (string)vector["id"]!, (long)vector["timestamp"]!, (string)vector["body"]!));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Sign_DeliveryThatVerifiersAccept_IsAmongItsSignatures(string name)
    {
        var vector = Verifications.Single(vector => (string)vector!["name"]! == name)!;
        var headers = vector["headers"]!;

        var signature = Sign((string)vector["secret"]!, (string)headers["webhook-id"]!, long.Parse((string)headers["webhook-timestamp"]!), (string)vector["body"]!);

        Assert.Contains(signature, ((string)headers["webhook-signature"]!).Split(' '));
    }

    [Fact]
    public void Sign_TwoSecrets_GivesASignatureForEach()
    {
        var secrets = Vectors.Take(1).Concat(KeyVectors.Take(1)).Select(vector => (string)vector!["secret"]!).ToArray();

        var signatures = Sign(string.Join(' ', secrets), "evt_1", 1, "{}").Split(' ');

        Assert.Equal(secrets.Select(secret => Sign(secret, "evt_1", 1, "{}")), signatures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsk_c2hvcnQ=")]
    [InlineData("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")]
    [InlineData("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlaaaaaaaaaaAJ6p9lMicMFs6Kvg==")]
    [InlineData("whsec_YaZLIPLR633A/6wbRBMihXkaAeNNH1r0+qtkpewnXJ8= whsk_c2hvcnQ=")]
    public void TryParse_OtherText_IsRefused(string secret) => Assert.False(WebhookSignature.TryParse(secret, out _));

    private static string Sign(string secret, string id, long timestamp, string body)
    {
        Assert.True(WebhookSignature.TryParse(secret, out var signature));
        return signature!.Sign(id, timestamp, Encoding.UTF8.GetBytes(body));
    }
}
