using System.Globalization;
using System.Text.RegularExpressions;

namespace Mainstay.Skills.Versions;

/// <summary>Turns npm's short forms (^1.2, ~1.2, 1.x, 1.2 - 2.3) into plain bounds, as node-semver does.</summary>
internal static partial class RangeDesugaring
{
    // Below every version: what can never hold.
    private const string Nothing = "<0.0.0-0";

    private const string HyphenPart = VersionSyntax.Number + @"|x|X|\*";

    private const string HyphenFrom =
        @"[v=\s]*(?<frommajor>" + HyphenPart + @")(?:\.(?<fromminor>" + HyphenPart + @")(?:\.(?<frompatch>" + HyphenPart
        + ")(?:-(?<fromprerelease>[0-9A-Za-z.-]+))?" + VersionSyntax.Build + "?)?)?";

    private const string HyphenTo =
        @"[v=\s]*(?<tomajor>" + HyphenPart + @")(?:\.(?<tominor>" + HyphenPart + @")(?:\.(?<topatch>" + HyphenPart
        + ")(?:-(?<toprerelease>[0-9A-Za-z.-]+))?" + VersionSyntax.Build + "?)?)?";

    /// <summary>The bounds of one alternative; null where it is no range.</summary>
    public static IReadOnlyList<Comparator>? Comparators(string alternative)
    {
        try
        {
            var text = Spaces().Replace(alternative.Trim(), " ");
            text = Hyphen().Match(text) is { Success: true } hyphen ? FromHyphen(hyphen) : text;
            text = OperatorSpaces().Replace(text, "${operator}${version}");
            text = TildeSpaces().Replace(text, "~");
            text = CaretSpaces().Replace(text, "^");
            return [.. text.Split(' ').SelectMany(Desugar).Select(Bound)];
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Desugar(string term) => FromCaret(term).Split(' ')
        .SelectMany(bound => FromTilde(bound).Split(' '))
        .SelectMany(bound => FromPartial(bound).Split(' '));

    private static Comparator Bound(string text)
    {
        if (Star().IsMatch(text) || text.Length == 0)
        {
            return new Comparator("", null);
        }

        var match = Plain().Match(text);
        return match.Success && SemanticVersion.TryParse(match.Groups["version"].Value, out var version)
            ? new Comparator(match.Groups["operator"].Value, version)
            : throw new FormatException();
    }

    private static string FromHyphen(Match match)
    {
        var (from, to) = (new PartialVersion(match, "from"), new PartialVersion(match, "to"));
        var lower = from.Major is null ? "" : $">={from.Floor}{from.Suffix}";
        var upper = to.Major is null ? "" : to.Patch is null ? $"<{to.AfterStated}-0" : $"<={to.Floor}{to.Suffix}";
        return $"{lower} {upper}".Trim();
    }

    private static string FromCaret(string term)
    {
        if (Caret().Match(term) is not { Success: true } match)
        {
            return term;
        }

        var version = new PartialVersion(match);
        return version switch
        {
            { Major: null } => "",
            { Minor: null } => $">={version.Floor} <{version.NextMajor}-0",
            { Major: not 0 } => $">={version.Floor}{version.Suffix} <{version.NextMajor}-0",
            { Patch: null } or { Minor: not 0 } => $">={version.Floor}{version.Suffix} <{version.NextMinor}-0",
            _ => $">={version.Floor}{version.Suffix} <{version.NextPatch}-0",
        };
    }

    private static string FromTilde(string term)
    {
        if (Tilde().Match(term) is not { Success: true } match)
        {
            return term;
        }

        var version = new PartialVersion(match);
        return version switch
        {
            { Major: null } => "",
            { Minor: null } => $">={version.Floor} <{version.NextMajor}-0",
            _ => $">={version.Floor}{version.Suffix} <{version.NextMinor}-0",
        };
    }

    private static string FromPartial(string term)
    {
        if (Partial().Match(term) is not { Success: true } match)
        {
            return term;
        }

        var version = new PartialVersion(match);
        return (match.Groups["operator"].Value, version) switch
        {
            (_, { IsDisordered: true }) => throw new FormatException(),
            ("<" or ">", { Major: null }) => Nothing,
            (_, { Major: null }) => "*",
            (_, { Patch: not null }) => term,
            (">", _) => $">={version.AfterStated}",
            (">=", _) => $">={version.Floor}",
            ("<", _) => $"<{version.Floor}-0",
            ("<=", _) => $"<{version.AfterStated}-0",
            _ => $">={version.Floor} <{version.AfterStated}-0",
        };
    }

    // A version whose parts may be left out: null stands for "any".
    private sealed record PartialVersion(long? Major, long? Minor, long? Patch, string Suffix)
    {
        public PartialVersion(Match match, string prefix = "")
            : this(Number(match, prefix + "major"), Number(match, prefix + "minor"), Number(match, prefix + "patch"), Tail(match, prefix + "prerelease"))
        {
            IsDisordered = (Major is null && Minor is not null) || (Minor is null && Patch is not null);
            Minor = Major is null ? null : Minor;
            Patch = Minor is null ? null : Patch;
        }

        /// <summary>Whether a part is stated behind one that is left open.</summary>
        public bool IsDisordered { get; }

        public string Floor => Text(Major, Minor ?? 0, Patch ?? 0);

        public string NextMajor => Text(Major + 1, 0, 0);

        public string NextMinor => Text(Major, Minor + 1, 0);

        public string NextPatch => Text(Major, Minor, Patch + 1);

        public string AfterStated => Minor is null ? NextMajor : NextMinor;

        private static string Text(long? major, long? minor, long? patch) => string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}");

        private static string Tail(Match match, string group) => match.Groups[group] is { Success: true } found ? $"-{found.Value}" : "";

        private static long? Number(Match match, string group) => match.Groups[group].Value switch
        {
            "" or "x" or "X" or "*" => null,
            var digits when long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= SemanticVersion.MostNumber => number,
            _ => throw new FormatException(),
        };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("^" + HyphenFrom + @"\s+-\s+" + HyphenTo + "$", RegexOptions.ExplicitCapture)]
    private static partial Regex Hyphen();

    [GeneratedRegex(@"(?<operator>[<>]?=?)\s*(?<version>" + VersionSyntax.Partial + ")", RegexOptions.ExplicitCapture)]
    private static partial Regex OperatorSpaces();

    [GeneratedRegex(@"~>?\s+")]
    private static partial Regex TildeSpaces();

    [GeneratedRegex(@"\^\s+")]
    private static partial Regex CaretSpaces();

    [GeneratedRegex(@"^\^" + VersionSyntax.Partial + "$", RegexOptions.ExplicitCapture)]
    private static partial Regex Caret();

    [GeneratedRegex("^~>?" + VersionSyntax.Partial + "$", RegexOptions.ExplicitCapture)]
    private static partial Regex Tilde();

    [GeneratedRegex(@"^(?<operator>[<>]?=?)\s*" + VersionSyntax.Partial + "$", RegexOptions.ExplicitCapture)]
    private static partial Regex Partial();

    [GeneratedRegex(@"^[<>]?=?\s*\*$")]
    private static partial Regex Star();

    [GeneratedRegex(@"^(?<operator>[<>]?=?)\s*(?<version>v?" + VersionSyntax.Core + ")$", RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();
}
