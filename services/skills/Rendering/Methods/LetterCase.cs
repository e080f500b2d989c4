using System.Text;

namespace Mainstay.Skills.Rendering.Methods;

/// <summary>Changes the case of letters as Python does, where one letter may become several.</summary>
internal static class LetterCase
{
    private static readonly Dictionary<char, string> LongUppers = new()
    {
        ['ß'] = "SS",
        ['ŉ'] = "ʼN",
        ['ǰ'] = "J\u030C",
        ['ΐ'] = "Ϊ\u0301",
        ['ΰ'] = "Ϋ\u0301",
        ['և'] = "ԵՒ",
        ['ﬀ'] = "FF",
        ['ﬁ'] = "FI",
        ['ﬂ'] = "FL",
        ['ﬃ'] = "FFI",
        ['ﬄ'] = "FFL",
        ['ﬅ'] = "ST",
        ['ﬆ'] = "ST",
    };

    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        return upper.Any(LongUppers.ContainsKey)
            ? string.Concat(upper.Select(character => LongUppers.GetValueOrDefault(character) ?? character.ToString()))
            : upper;
    }

    public static string Lower(string text)
    {
        var lower = text.ToLowerInvariant().Replace("İ", "i\u0307", StringComparison.Ordinal);
        return text.Contains('Σ', StringComparison.Ordinal) ? WithFinalSigmas(text, lower) : lower;
    }

    /// <summary>The first letter upper, the others lower case, each by itself.</summary>
    public static string UpperFirst(string text)
    {
        var first = Values.CodePoints.Index(text, 1);
        return Upper(text[..first]) + Lower(text[first..]);
    }

    /// <summary>The first letter upper, the others lower case.</summary>
    public static string Capitalize(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        // Python titlecases the first letter: "ß" becomes "Ss".
        var first = Values.CodePoints.Index(text, 1);
        var upper = Upper(text[..first]);
        var head = text.Length > 0 && LongUppers.ContainsKey(text[0]) ? upper[..1] + Lower(upper[1..]) : upper;
        return head + Lower(text)[Lower(text[..first]).Length..];
    }

    /// <summary>Whether there are letters with a case, and all of them are lower.</summary>
    public static bool IsLower(string text) => text.EnumerateRunes().Any(Rune.IsLower) && !text.EnumerateRunes().Any(Rune.IsUpper);

    /// <summary>Whether there are letters with a case, and all of them are upper.</summary>
    public static bool IsUpper(string text) => text.EnumerateRunes().Any(Rune.IsUpper) && !text.EnumerateRunes().Any(Rune.IsLower);

    /// <summary>Each word capitalized; a word is a run of letters.</summary>
    public static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var isWithin = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var letter = rune.ToString();
            var isCased = Rune.IsUpper(rune) || Rune.IsLower(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.TitlecaseLetter;
            title.Append(isWithin ? Lower(letter) : Capitalize(letter));
            isWithin = isCased;
        }

        return title.ToString();
    }

    // The Greek sigma has a form of its own at a word's end.
    private static string WithFinalSigmas(string text, string lower)
    {
        if (text.Length != lower.Length)
        {
            return lower;
        }

        var letters = lower.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            if (text[i] == 'Σ' && i > 0 && char.IsLetter(text[i - 1]) && (i + 1 == text.Length || !char.IsLetter(text[i + 1])))
            {
                letters[i] = 'ς';
            }
        }

        return new string(letters);
    }
}
