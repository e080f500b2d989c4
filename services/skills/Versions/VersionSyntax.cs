namespace Mainstay.Skills.Versions;

/// <summary>The parts that the expressions for versions and ranges are made of.</summary>
internal static class VersionSyntax
{
    public const string Number = "0|[1-9][0-9]{0,256}";

    public const string Prerelease = "(?:-(?<prerelease>" + Identifier + @"(?:\." + Identifier + ")*))";

    public const string Build = @"(?:\+(?<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))";

    public const string Core = "(?<major>" + Number + @")\.(?<minor>" + Number + @")\.(?<patch>" + Number + ")" + Prerelease + "?" + Build + "?";

    /// <summary>A version with parts left out or put as x, X or *.</summary>
    public const string Partial = @"[v=\s]*(?<major>" + Part + @")(?:\.(?<minor>" + Part + @")(?:\.(?<patch>" + Part + ")" + Prerelease + "?" + Build + "?)?)?";

    private const string Identifier = "(?:[0-9]*[a-zA-Z-][a-zA-Z0-9-]*|0|[1-9][0-9]*)";

    private const string Part = Number + @"|x|X|\*";
}
