using System.Text;

namespace Mainstay.Skills.Comparing;

/// <summary>The lines that two texts have different, as a unified diff without its head.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    // Longer changes are told as one replaced block: finding the shortest would take too long.
    private const long MostCells = 4_000_000;

    public static string Of(string from, string to)
    {
        var edits = Edits(from.Split('\n'), to.Split('\n'));
        var text = new StringBuilder();
        foreach (var (start, end) in Hunks(edits))
        {
            var hunk = edits[start..end];
            var before = edits[..start];
            text.Append("@@ -").Append(1 + before.Count(edit => edit.Sign != '+')).Append(',').Append(hunk.Count(edit => edit.Sign != '+'))
                .Append(" +").Append(1 + before.Count(edit => edit.Sign != '-')).Append(',').Append(hunk.Count(edit => edit.Sign != '-')).Append(" @@\n");
            foreach (var edit in hunk)
            {
                text.Append(edit.Sign).Append(edit.Line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(int Start, int End)> Hunks(Edit[] edits)
    {
        var changed = Enumerable.Range(0, edits.Length).Where(i => edits[i].Sign != ' ').ToList();
        for (var i = 0; i < changed.Count;)
        {
            var last = i;
            while (last + 1 < changed.Count && changed[last + 1] - changed[last] <= 2 * Context)
            {
                last++;
            }

            yield return (Math.Max(0, changed[i] - Context), Math.Min(edits.Length, changed[last] + Context + 1));
            i = last + 1;
        }
    }

    private static Edit[] Edits(string[] from, string[] to)
    {
        var prefix = 0;
        while (prefix < from.Length && prefix < to.Length && from[prefix] == to[prefix])
        {
            prefix++;
        }

        var suffix = 0;
        while (suffix < from.Length - prefix && suffix < to.Length - prefix && from[^(suffix + 1)] == to[^(suffix + 1)])
        {
            suffix++;
        }

        return
        [
            .. from[..prefix].Select(line => new Edit(' ', line)),
            .. Changed(from[prefix..^suffix], to[prefix..^suffix]),
            .. from[^suffix..].Select(line => new Edit(' ', line)),
        ];
    }

    private static IEnumerable<Edit> Changed(string[] from, string[] to)
    {
        if ((long)from.Length * to.Length > MostCells)
        {
            return [.. from.Select(line => new Edit('-', line)), .. to.Select(line => new Edit('+', line))];
        }

        // common[i, j] is the length of the longest common subsequence of what follows i and j.
        var common = new int[from.Length + 1, to.Length + 1];
        for (var i = from.Length - 1; i >= 0; i--)
        {
            for (var j = to.Length - 1; j >= 0; j--)
            {
                common[i, j] = from[i] == to[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Walk(from, to, common);
    }

    private static List<Edit> Walk(string[] from, string[] to, int[,] common)
    {
        var edits = new List<Edit>();
        var (i, j) = (0, 0);
        while (i < from.Length || j < to.Length)
        {
            edits.Add((i < from.Length, j < to.Length) switch
            {
                (true, true) when from[i] == to[j] && ++j > 0 => new Edit(' ', from[i++]),
                (true, false) => new Edit('-', from[i++]),
                (true, true) when common[i + 1, j] >= common[i, j + 1] => new Edit('-', from[i++]),
                _ => new Edit('+', to[j++]),
            });
        }

        return edits;
    }

    private sealed record Edit(char Sign, string Line);
}
