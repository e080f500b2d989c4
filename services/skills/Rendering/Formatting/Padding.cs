using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Formatting;

/// <summary>Fills text up to a width, as Python's <c>ljust</c>, <c>rjust</c> and <c>center</c> do.</summary>
internal static class Padding
{
    public static string Left(string text, int width, string fill) => text + Fill(fill, width - CodePoints.Count(text));

    public static string Right(string text, int width, string fill) => Fill(fill, width - CodePoints.Count(text)) + text;

    public static string Center(string text, int width, string fill)
    {
        var missing = Math.Max(0, width - CodePoints.Count(text));

        // str.center puts the odd blank to the left only where the width is odd.
        var left = (missing / 2) + (missing & width & 1);
        return Fill(fill, left) + text + Fill(fill, missing - left);
    }

    public static string Fill(string fill, int count) => count <= 0 ? "" : fill.Length == 1 ? new string(fill[0], count) : string.Concat(Enumerable.Repeat(fill, count));
}
