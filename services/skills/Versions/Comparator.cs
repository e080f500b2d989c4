namespace Mainstay.Skills.Versions;

/// <summary>One bound of a range; without a version it holds for all.</summary>
internal sealed record Comparator(string Operator, SemanticVersion? Version)
{
    public bool Holds(SemanticVersion version)
    {
        if (Version is null)
        {
            return true;
        }

        var order = version.CompareTo(Version);
        return Operator switch
        {
            ">" => order > 0,
            ">=" => order >= 0,
            "<" => order < 0,
            "<=" => order <= 0,
            _ => order == 0,
        };
    }

    /// <summary>Whether the bound lets in pre-releases of the same numbers.</summary>
    public bool Admits(SemanticVersion prerelease) => Version is { IsPrerelease: true } bound && bound.HasCoreOf(prerelease);
}
