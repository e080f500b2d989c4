using System.Diagnostics;
using System.Globalization;
using Mainstay.Benchmarks.Harness;
using Npgsql;

namespace Mainstay.Benchmarks.Audit;

/// <summary>From the bus to committed rows: how many a second against the raw limits, and how long one event takes.</summary>
internal static class StoredRows
{
    private const int LatencyRate = 500;

    private static readonly TimeSpan AtLatest = TimeSpan.FromMilliseconds(50);

    public static async Task<IReadOnlyList<Row>> MeasureAsync(PrivatePostgres postgres, Uri broker, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var count = options.Number("events", 150_000);
        await using var audit = await AuditInstance.StartAsync(postgres, broker, "audit", "", cancellationToken);
        var ingest = new Ingest(audit);
        var limits = new RawLimits(broker, audit.Database);

        // Sustained means compiled: the first drains would measure the compiler.
        await ingest.DrainAsync(AuditLoad.NewEvents(count), cancellationToken);
        var contest = new Contest(
            "bus to committed rows",
            () => ingest.DrainAsync(AuditLoad.NewEvents(count), cancellationToken),
            () => LimitAsync(limits, count, cancellationToken),
            Metric.Rate("events/s", 0.7));
        // Before the database tidies up after hundreds of thousands of new rows.
        var latency = await LatencyAsync(audit, cancellationToken);
        var rows = new List<Row>(await Measurement.RunAsync([contest], options, cancellationToken));
        rows.Add(Row.OfFigure($"published until stored, {LatencyRate}/s", "p50 ms", latency.P50, 200));
        rows.Add(Row.OfFigure($"published until stored, {LatencyRate}/s", "p99 ms", latency.P99, 1000));
        return rows;
    }

    private static async Task<Reading> LimitAsync(RawLimits limits, int count, CancellationToken cancellationToken)
    {
        var events = AuditLoad.NewEvents(count);
        var consumed = await limits.ConsumeAsync(events, cancellationToken);
        var copied = await limits.CopyAsync(events, cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"bare consumption {consumed.PerSecond:#,0}/s, bare COPY {copied.PerSecond:#,0}/s"));
        return consumed.PerSecond < copied.PerSecond ? consumed : copied;
    }

    // From before an event is published until its commit is announced.
    private static async Task<Reading> LatencyAsync(AuditInstance audit, CancellationToken cancellationToken)
    {
        var events = AuditLoad.NewEvents(LatencyRate * 6);
        var after = await audit.CountAsync(cancellationToken);
        var last = after + events.Count;
        var stored = new Dictionary<string, long>();
        await using var connection = await audit.Database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand("listen audit_event", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        var publishing = Pace.PublishAsync(audit, events, LatencyRate, cancellationToken);
        while (after < last)
        {
            // What is announced while the rows are being read is not announced again.
            await connection.WaitAsync(AtLatest, cancellationToken);
            var now = Stopwatch.GetTimestamp();
            await using var select = new NpgsqlCommand("select sequence, event_id from audit_event where sequence > $1 order by sequence", connection) { Parameters = { new() { Value = after } } };
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                after = reader.GetInt64(0);
                stored[reader.GetString(1)] = now;
            }
        }

        return Reading.Of([.. (await publishing).Select(one => Stopwatch.GetElapsedTime(one.Value, stored[one.Key]).TotalMilliseconds)], TimeSpan.FromSeconds(6), TimeSpan.Zero);
    }
}
