using System.Text.RegularExpressions;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>The ways in which an argument can be read: as it stands, as a path, as an address.</summary>
internal static partial class ArgumentForms
{
    /// <summary>Every form; a denial looks at all of them.</summary>
    public static IEnumerable<string> All(string text) => AsUsed(text).Append(text).Append(AsPath(text)).Distinct();

    /// <summary>
    /// The forms in which a server would use it, all of which a grant asks for: an address with its dots resolved, or a path with its dots
    /// resolved, in which a backslash parts names for some systems and belongs to a name for others.
    /// </summary>
    public static IEnumerable<string> AsUsed(string text) => AsAddress(text) is { } address ? [address] : new[] { AsPath(text), WithoutDots(text) }.Distinct();

    /// <summary>A path, backslashes parting names too, without ".", ".." and empty segments; what climbs above a relative path's beginning stays visible.</summary>
    public static string AsPath(string text) => WithoutDots(text.Replace('\\', '/'));

    private static string? AsAddress(string text)
    {
        var address = WebScheme().IsMatch(text) ? WebScheme().Replace(text, "$1://").Replace('\\', '/') : text;
        return address.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(address, UriKind.Absolute, out var parsed) ? parsed.AbsoluteUri : null;
    }

    private static string WithoutDots(string path)
    {
        if (!path.Contains('/', StringComparison.Ordinal) && path is not ("." or ".."))
        {
            return path;
        }

        var isAbsolute = path.StartsWith('/');
        var segments = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != "."))
        {
            if (segment != ".." || (segments.Count == 0 && !isAbsolute) || (segments.Count > 0 && segments[^1] == ".."))
            {
                segments.Add(segment);
            }
            else if (segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
        }

        return (isAbsolute ? "/" : "") + string.Join('/', segments);
    }

    // To a browser's reading of addresses, which servers share, backslashes are slashes, and any number of them after the scheme is two.
    [GeneratedRegex(@"^\s*(https?|wss?|ftp):[/\\]*", RegexOptions.IgnoreCase)]
    private static partial Regex WebScheme();
}
