using System.Globalization;
using Mainstay.Benchmarks.Harness;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Selective searches over a trail that grows.</summary>
internal static class SearchRows
{
    // Without checkpoints over rows whose hashes are none.
    private const string NoCheckpoints = ", checkpoint_interval: 9999d, checkpoint_events: 1000000";

    public static async Task<IReadOnlyList<Row>> MeasureAsync(PrivatePostgres postgres, Uri broker, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var most = options.Number("rows", 5_000_000);
        await using var audit = await AuditInstance.StartAsync(postgres, broker, "audit_search", NoCheckpoints, cancellationToken);
        var searching = new Searching(audit);
        var rows = new List<Row>();
        foreach (var count in (int[])[most / 5, most])
        {
            await searching.FillAsync(count, cancellationToken);
            await searching.P95Async(count, cancellationToken);
            rows.Add(Row.OfFigure(
                string.Create(CultureInfo.InvariantCulture, $"search, selective, over {count:#,0} rows"), "p95 ms", await searching.P95Async(count, cancellationToken), 200));
        }

        return rows;
    }
}
