using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Amazon.Runtime.Internal.Auth;

namespace Mainstay.Audit.Sinks.CloudWatch;

/// <summary>Signs requests to CloudWatch Logs with Signature Version 4; the signature itself is AWSSDK.Core's.</summary>
internal sealed partial class SignedHeaders(IAwsCredentials credentials, string region)
{
    private const string Service = "logs";

    /// <summary>The headers that a POST to "/" needs beside the given ones; names in lower case.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ForAsync(
        IReadOnlyDictionary<string, string> headers, byte[] body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var identity = await credentials.GetAsync(cancellationToken);
        var added = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["x-amz-date"] = AWS4Signer.FormatDateTime(now.UtcDateTime, "yyyyMMddTHHmmssZ") };
        if (!string.IsNullOrEmpty(identity.Token))
        {
            added["x-amz-security-token"] = identity.Token;
        }

        var all = new SortedDictionary<string, string>(added, StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        var names = string.Join(';', all.Keys);
        var canonical = string.Join('\n', [
            "POST",
            "/",
            "",
            .. all.Select(header => $"{header.Key}:{Spaces().Replace(header.Value.Trim(), " ")}"),
            "",
            names,
            Convert.ToHexStringLower(SHA256.HashData(body)),
        ]);
        added["authorization"] = AWS4Signer.ComputeSignature(identity, region, now.UtcDateTime, Service, names, canonical).ForAuthorizationHeader;
        return added;
    }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
