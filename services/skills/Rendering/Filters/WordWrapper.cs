using System.Text.RegularExpressions;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Breaks a line into shorter ones as Python's <c>textwrap</c> does.</summary>
internal sealed partial class WordWrapper(int width, bool breaksLongWords, bool breaksOnHyphens)
{
    public List<string> Wrap(string text)
    {
        var chunks = new Queue<string>(Chunks(text));
        var pending = "";
        var lines = new List<string>();
        while (chunks.Count > 0 || pending.Length > 0)
        {
            var line = new List<string>();
            var length = 0;
            if (pending.Length == 0 && IsBlank(chunks.Peek()) && lines.Count > 0)
            {
                chunks.Dequeue();
            }

            while ((pending.Length > 0 || chunks.Count > 0) && Head() is var head && length + CodePoints.Count(head) <= width)
            {
                line.Add(head);
                length += CodePoints.Count(head);
                TakeHead();
            }

            if ((pending.Length > 0 || chunks.Count > 0) && CodePoints.Count(Head()) > width)
            {
                BreakLongWord(line, length);
            }

            if (line.Count > 0 && IsBlank(line[^1]))
            {
                line.RemoveAt(line.Count - 1);
            }

            if (line.Count > 0)
            {
                lines.Add(string.Concat(line));
            }
        }

        return lines;

        string Head() => pending.Length > 0 ? pending : chunks.Peek();

        void TakeHead()
        {
            if (pending.Length > 0)
            {
                pending = "";
            }
            else
            {
                chunks.Dequeue();
            }
        }

        void BreakLongWord(List<string> line, int length)
        {
            var word = Head();
            if (breaksLongWords)
            {
                var end = BreakAt(word, Math.Max(1, width - length));
                line.Add(word[..end]);
                TakeHead();
                pending = word[end..];
            }
            else if (line.Count == 0)
            {
                line.Add(word);
                TakeHead();
            }
        }
    }

    // A hyphen within the room is the better place.
    private int BreakAt(string word, int room)
    {
        var end = CodePoints.Index(word, room);
        var hyphen = breaksOnHyphens && CodePoints.Count(word) > room ? word.LastIndexOf('-', end - 1, end) : -1;
        return hyphen > 0 && word.AsSpan(0, hyphen).ContainsAnyExcept('-') ? hyphen + 1 : end;
    }

    private IEnumerable<string> Chunks(string text) =>
        (breaksOnHyphens ? WordsAndHyphens() : BlankRuns()).Split(text).Where(chunk => chunk.Length > 0);

    private static bool IsBlank(string chunk) => string.IsNullOrWhiteSpace(chunk);

    // Python's textwrap.wordsep_re.
    [GeneratedRegex(
        """([\t\n\x0b\x0c\r ]+|(?<=[\w!"'&.,?])-{2,}(?=\w)|[^\t\n\x0b\x0c\r ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\x0b\x0c\r ]|\z)|(?<=[\w!"'&.,?])(?=-{2,}\w)))""",
        RegexOptions.None,
        matchTimeoutMilliseconds: 2000)]
    private static partial Regex WordsAndHyphens();

    [GeneratedRegex(@"([\t\n\x0b\x0c\r ]+)")]
    private static partial Regex BlankRuns();
}
