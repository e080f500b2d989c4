namespace Mainstay.ToolGateway.Permissions;

/// <summary>Matches patterns in which "*" stands for any run of characters, none included.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, ReadOnlySpan<char> text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return text.SequenceEqual(pattern);
        }

        if (text.Length < parts[0].Length + parts[^1].Length || !text.StartsWith(parts[0]) || !text.EndsWith(parts[^1]))
        {
            return false;
        }

        // The first place that fits leaves the most for the parts to come.
        var rest = text[parts[0].Length..^parts[^1].Length];
        foreach (var part in parts.AsSpan(1..^1))
        {
            var place = rest.IndexOf(part);
            if (place < 0)
            {
                return false;
            }

            rest = rest[(place + part.Length)..];
        }

        return true;
    }
}
