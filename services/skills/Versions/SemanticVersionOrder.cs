using System.Globalization;

namespace Mainstay.Skills.Versions;

/// <summary>Turns a semantic version into text that sorts, byte by byte, as semantic versions do (semver.org, 11).</summary>
internal static class SemanticVersionOrder
{
    public static string Of(SemanticVersion version)
    {
        var core = string.Create(CultureInfo.InvariantCulture, $"{version.Major:d10}.{version.Minor:d10}.{version.Patch:d10}");

        // '~' stands after every character of a pre-release, so that a release sorts after its pre-releases; numbers sort before words.
        return version.IsPrerelease
            ? $"{core}-{string.Join('!', version.Prerelease.Select(Label))}"
            : $"{core}~";
    }

    private static string Label(string label) =>
        label.All(char.IsAsciiDigit) ? $"0{label.Length:d3}{label}" : $"1{label}";
}
