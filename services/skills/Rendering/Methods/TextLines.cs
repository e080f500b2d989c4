namespace Mainstay.Skills.Rendering.Methods;

/// <summary>Splits text at line ends as Python's <c>splitlines</c> does.</summary>
internal static class TextLines
{
    private const string Ends = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029";

    public static List<string> Split(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        for (var begin = 0; begin < text.Length;)
        {
            var length = text.AsSpan(begin).IndexOfAny(Ends);
            if (length < 0)
            {
                lines.Add(text[begin..]);
                break;
            }

            var end = begin + length;
            var next = text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            lines.Add(text[begin..(keepEnds ? next : end)]);
            begin = next;
        }

        return lines;
    }
}
