using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Mainstay.Skills.Versions;

/// <summary>A semantic version (semver.org 2.0.0), read and ordered as npm does; two that differ in build metadata alone are equal in order.</summary>
internal sealed partial record SemanticVersion(
    long Major, long Minor, long Patch, IReadOnlyList<string> Prerelease, IReadOnlyList<string> Build) : IComparable<SemanticVersion>
{
    /// <summary>The highest number that JSON clients hold exactly.</summary>
    public const long MostNumber = 9007199254740991;

    private const int MostCharacters = 256;

    public bool IsPrerelease => Prerelease.Count > 0;

    /// <summary>Reads a version; a leading "v" and spaces around it are let pass.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        var match = Syntax().Match(text.Trim());
        if (text.Length > MostCharacters || !match.Success
            || !TryNumber(match, "major", out var major) || !TryNumber(match, "minor", out var minor) || !TryNumber(match, "patch", out var patch))
        {
            return false;
        }

        version = new SemanticVersion(major, minor, patch, Identifiers(match, "prerelease"), Identifiers(match, "build"));
        return true;
    }

    /// <summary>Reads a version that is known to be one.</summary>
    public static SemanticVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"'{text}' is no semantic version.");

    /// <summary>Orders by precedence (semver.org, 11).</summary>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var core = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return core != 0 ? core : (IsPrerelease, other.IsPrerelease) switch
        {
            (true, false) => -1,
            (false, true) => 1,
            _ => CompareIdentifiers(Prerelease, other.Prerelease),
        };
    }

    /// <summary>Orders by precedence, then by build metadata, so that no two versions tie.</summary>
    public int CompareWithBuildTo(SemanticVersion other)
    {
        var precedence = CompareTo(other);
        return precedence != 0 ? precedence : CompareIdentifiers(Build, other.Build);
    }

    /// <summary>Whether two versions have the same three numbers.</summary>
    public bool HasCoreOf(SemanticVersion other) => (Major, Minor, Patch) == (other.Major, other.Minor, other.Patch);

    /// <summary>The version as npm writes it: without build metadata.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(IsPrerelease ? $"-{string.Join('.', Prerelease)}" : "")}");

    private static int CompareIdentifiers(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (CompareIdentifiers(left[i], right[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }

    private static int CompareIdentifiers(string left, string right)
    {
        var (isNumber, otherIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        return (isNumber, otherIsNumber) switch
        {
            (true, true) => left.TrimStart('0') is var a && right.TrimStart('0') is var b && a.Length != b.Length
                ? a.Length.CompareTo(b.Length)
                : Math.Sign(string.CompareOrdinal(left.TrimStart('0'), right.TrimStart('0'))),
            (true, false) => -1,
            (false, true) => 1,
            _ => Math.Sign(string.CompareOrdinal(left, right)),
        };
    }

    private static bool TryNumber(Match match, string group, out long number) =>
        long.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= MostNumber;

    private static string[] Identifiers(Match match, string group) => match.Groups[group].Success ? match.Groups[group].Value.Split('.') : [];

    [GeneratedRegex("^v?" + VersionSyntax.Core + "$", RegexOptions.ExplicitCapture)]
    private static partial Regex Syntax();
}
