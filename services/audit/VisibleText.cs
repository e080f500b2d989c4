using System.Globalization;
using System.Text;

namespace Mainstay.Audit;

/// <summary>Makes text safe for a log that shows it raw: what could forge a line, move the cursor or turn the reading direction is written as an escape.</summary>
internal static class VisibleText
{
    /// <summary>The text with control, format and separator characters as <c>\uXXXX</c>, and lone surrogates as U+FFFD.</summary>
    public static string Of(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                visible.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                visible.Append(rune.ToString());
            }
        }

        return visible.ToString();
    }
}
