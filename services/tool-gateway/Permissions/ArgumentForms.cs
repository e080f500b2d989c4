namespace Mainstay.ToolGateway.Permissions;

/// <summary>The ways in which an argument can be read: as it stands, as a path, as an address.</summary>
internal static class ArgumentForms
{
    /// <summary>Every form; a denial looks at all of them.</summary>
    public static IEnumerable<string> All(string text) => new[] { text, AsPath(text), Resolved(text) }.Distinct();

    /// <summary>The form in which a server would use it: an address with its dots resolved, or a path with its dots resolved.</summary>
    public static string Resolved(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address!.AbsoluteUri : AsPath(text);

    /// <summary>A path without ".", ".." and empty segments; what climbs above a relative path's beginning stays visible.</summary>
    public static string AsPath(string text)
    {
        if (!text.Contains('/', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal) && text is not ("." or ".."))
        {
            return text;
        }

        var path = text.Replace('\\', '/');
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
}
