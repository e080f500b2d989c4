namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Spells JSON Pointers (RFC 6901).</summary>
public static class JsonPointer
{
    /// <summary>The place of a member of the object at a place.</summary>
    public static string Append(string path, string token) =>
        $"{path}/{token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The place of an item of the array at a place.</summary>
    public static string Append(string path, int index) => $"{path}/{index}";

    /// <summary>The name that a token spells.</summary>
    public static string Unescape(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
