using System.Text.RegularExpressions;
using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Aliases;

/// <summary>What an alias may be called.</summary>
internal static partial class AliasName
{
    /// <summary>The name that always means the newest version.</summary>
    public const string Latest = "latest";

    /// <summary>Whether a text can be an alias: nothing that reads as a version or a range, so that a reference has one meaning.</summary>
    public static bool IsValid(string text) => Syntax().IsMatch(text) && text != Latest && !VersionRange.TryParse(text, out _);

    [GeneratedRegex("^[a-z][a-z0-9-]{1,63}$")]
    private static partial Regex Syntax();
}
