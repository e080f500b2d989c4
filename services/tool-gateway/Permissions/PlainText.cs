namespace Mainstay.ToolGateway.Permissions;

/// <summary>Tells whether a text is fit for names and ids: short enough, and without control characters.</summary>
internal static class PlainText
{
    /// <summary>The most characters of a name or id that a caller gives.</summary>
    public const int LongestName = 256;

    public static bool Is(string text, int longest) => text.Length <= longest && !text.Any(char.IsControl);
}
