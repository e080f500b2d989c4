using System.Diagnostics.CodeAnalysis;

namespace Mainstay.Skills.Versions;

/// <summary>A range of versions as npm writes and reads them: alternatives, each a list of bounds that hold together.</summary>
internal sealed class VersionRange
{
    private readonly IReadOnlyList<IReadOnlyList<Comparator>> alternatives;

    private VersionRange(IReadOnlyList<IReadOnlyList<Comparator>> alternatives) => this.alternatives = alternatives;

    /// <summary>Reads a range.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out VersionRange? range)
    {
        range = null;
        var alternatives = new List<IReadOnlyList<Comparator>>();
        foreach (var part in text.Split("||"))
        {
            if (RangeDesugaring.Comparators(part) is not { } comparators)
            {
                return false;
            }

            alternatives.Add(comparators);
        }

        range = new VersionRange(alternatives);
        return true;
    }

    /// <summary>Whether a version is in the range; a pre-release is only where a bound of the same numbers is a pre-release too.</summary>
    public bool Contains(SemanticVersion version) => alternatives.Any(bounds =>
        bounds.All(bound => bound.Holds(version)) && (!version.IsPrerelease || bounds.Any(bound => bound.Admits(version))));
}
