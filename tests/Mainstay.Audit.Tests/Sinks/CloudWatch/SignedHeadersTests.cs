using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.CloudWatch;

namespace Mainstay.Audit.Tests.Sinks.CloudWatch;

public sealed class SignedHeadersTests
{
    // What the reference never signs.
    private static readonly string[] Unsigned = ["user-agent", "x-amzn-trace-id", "connection"];

    private static readonly JsonArray Vectors = JsonNode.Parse(File.ReadAllText("vectors/aws-sigv4-logs/cases.json"))!.AsArray();

    public static TheoryData<string> Names => [.. Vectors.Select(vector => (string)vector!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task For_ReferenceCase_GivesTheReferenceAuthorization(string name)
    {
        var vector = Vectors.Single(vector => (string)vector!["name"]! == name)!;
        var body = Encoding.UTF8.GetBytes((string)vector["body"]!);
        var headers = vector["headers"]!.AsObject().Where(header => !Unsigned.Contains(header.Key)).ToDictionary(header => header.Key, header => (string)header.Value!);
        if ((bool)vector["content_sha256_header"]!)
        {
            headers["x-amz-content-sha256"] = Convert.ToHexStringLower(SHA256.HashData(body));
        }

        var keys = vector["credentials"]!;
        var signer = new SignedHeaders(
            new FixedCredentials((string)keys["access_key_id"]!, (string)keys["secret_access_key"]!, (string?)keys["session_token"] ?? ""), (string)vector["region"]!);
        var added = await signer.ForAsync(
            headers, body, DateTimeOffset.Parse((string)vector["date"]!, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);

        Assert.Equal((string)vector["expect"]!["authorization"]!, added["authorization"]);
        Assert.Equal((string)vector["expect"]!["added_headers"]!["x-amz-date"]!, added["x-amz-date"]);
    }
}
