namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>Spells JSON Pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Append(string path, string token) =>
        $"{path}/{token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Append(string path, int index) => $"{path}/{index}";

    public static string Unescape(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
