using System.Text.RegularExpressions;

namespace Mainstay.SystemTests;

/// <summary>Finds the fenced blocks of a document.</summary>
internal static partial class MarkdownBlocks
{
    /// <summary>Each block with its language, in order.</summary>
    public static IEnumerable<(string Language, string Text)> Of(string document) =>
        Fenced().Matches(document).Select(match => (match.Groups["language"].Value, match.Groups["text"].Value));

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
