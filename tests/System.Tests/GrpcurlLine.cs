using System.Text.RegularExpressions;

namespace Mainstay.SystemTests;

/// <summary>Says to buf curl what a line says to grpcurl, which is not to be had everywhere: both know a server by reflection.</summary>
internal static partial class GrpcurlLine
{
    public static string[] AsBufCurl(string line, string token)
    {
        var words = Word().Matches(line).Select(match => match.Value.Trim('\'', '"').Replace("$TOKEN", token, StringComparison.Ordinal)).Skip(1).ToList();
        var arguments = new List<string> { "curl", "--protocol", "grpc", "--http2-prior-knowledge" };
        var rest = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "-plaintext":
                    break;
                case "-H":
                    arguments.AddRange(["--header", words[++i]]);
                    break;
                case "-d":
                    arguments.AddRange(["--data", words[++i]]);
                    break;
                default:
                    rest.Add(words[i]);
                    break;
            }
        }

        return rest[1] == "list" ? [.. arguments, "--list-services", $"http://{rest[0]}"] : [.. arguments, $"http://{rest[0]}/{rest[1]}"];
    }

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""")]
    private static partial Regex Word();
}
