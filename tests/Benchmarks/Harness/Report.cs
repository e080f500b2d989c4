using System.Globalization;

namespace Mainstay.Benchmarks.Harness;

/// <summary>Prints rows as a table that is also Markdown, below the machine that they were measured on.</summary>
internal static class Report
{
    private static readonly string[] Head = ["work", "figure", "ours", "peer", "ratio", "limit", "", "ours, lowest to highest"];

    /// <summary>Prints all rows; the exit code tells nothing of them, as a short row is a result too.</summary>
    public static int Print(string ours, string peer, IReadOnlyList<Row> rows)
    {
        Console.WriteLine();
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"ours: {ours}; peer: {peer}; medians; cpu: of the client's process");
        Console.WriteLine();
        string[][] lines = [Head, .. rows.Select(Cells)];
        int[] widths = [.. Head.Select((_, column) => lines.Max(line => line[column].Length))];
        for (var line = 0; line < lines.Length; line++)
        {
            Console.WriteLine($"| {string.Join(" | ", lines[line].Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))} |");
            if (line == 0)
            {
                Console.WriteLine($"|{string.Join('|', widths.Select((width, column) => column < 2 ? new string('-', width + 2) : $"{new string('-', width + 1)}:"))}|");
            }
        }

        return 0;
    }

    private static string[] Cells(Row row) =>
    [
        row.Work,
        row.Metric.Name,
        Number(row.Ours),
        Number(row.Peer),
        row.Ratio.ToString("0.00", CultureInfo.InvariantCulture),
        row.Metric.Limit is { } limit ? $"{(row.Metric.AtLeast ? "≥" : "≤")} {limit.ToString("0.00", CultureInfo.InvariantCulture)}" : "",
        row.Met switch { true => "met", false => "short", null => "" },
        $"{Number(row.Spread.Low)} to {Number(row.Spread.High)}",
    ];

    private static string Number(double value) =>
        value.ToString(value >= 100 ? "#,0" : value >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
