using System.Text;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>Text as Python counts it: by code points, where .NET counts UTF-16 units.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        var pairs = 0;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
            {
                pairs++;
                i++;
            }
        }

        return text.Length - pairs;
    }

    /// <summary>Each code point as text of its own.</summary>
    public static IEnumerable<string> Split(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                yield return text.Substring(i++, 2);
            }
            else
            {
                yield return text.Substring(i, 1);
            }
        }
    }

    /// <summary>The UTF-16 index of a code point; a code point beyond the end is at the end.</summary>
    public static int Index(string text, int codePoint)
    {
        var index = 0;
        for (; codePoint > 0 && index < text.Length; codePoint--)
        {
            index += index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
        }

        return index;
    }

    /// <summary>So many code points from the start.</summary>
    public static string First(string text, int count) => count >= text.Length ? text : text[..Index(text, count)];

    public static string Reverse(string text) => string.Concat(Split(text).Reverse());

    /// <summary>Orders texts by code points.</summary>
    public static int Compare(string left, string right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (left[i] != right[i])
            {
                // A surrogate, half of a high code point, comes after the units above the surrogates' range.
                return char.IsSurrogate(left[i]) != char.IsSurrogate(right[i]) ? char.IsSurrogate(left[i]) ? 1 : -1 : left[i] - right[i];
            }
        }

        return left.Length - right.Length;
    }

    /// <summary>Whether Python prints the code point as it is within <c>repr</c>.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate
        or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.SpaceSeparator);
}
