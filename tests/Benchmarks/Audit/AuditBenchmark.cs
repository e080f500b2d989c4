using System.Globalization;
using Mainstay.Benchmarks.Harness;
using Mainstay.Testing;
using Npgsql;
using Testcontainers.RabbitMq;

namespace Mainstay.Benchmarks.Audit;

/// <summary>The audit service against what RabbitMQ and PostgreSQL do at most on the same machine.</summary>
internal static class AuditBenchmark
{
    private const string Queue = "bench.audit";
    private const int LatencyRate = 500;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Measures ingest, latency, memory and search; <c>--events</c> for a measurement of ingest, <c>--rows</c> to search in.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var events = options.Number("events", 50_000);
        await using var postgres = await PrivatePostgres.StartAsync(cancellationToken);
        await using var rabbitMq = new RabbitMqBuilder().Build();
        await rabbitMq.StartAsync(cancellationToken);
        var broker = new Uri(rabbitMq.GetConnectionString());
        var rows = new List<Row>();
        await using (var service = await StartAsync(postgres, broker, "audit", cancellationToken))
        {
            await using var database = NpgsqlDataSource.Create(postgres.Settings("audit"));
            var ingest = new Ingest(service, new AuditLoad(broker, Queue), database);
            var limits = new RawLimits(broker, database);
            rows.AddRange(await IngestAsync(ingest, limits, events, options, cancellationToken));
            var settled = Machine.ResidentMiB(service.Id);
            await ingest.DrainAsync(AuditLoad.NewEvents(events, Start), cancellationToken);
            rows.Add(Row.OfFigure("memory after one more drain", "MiB", Machine.ResidentMiB(service.Id), settled * 1.1));
            var latency = await ingest.LatencyAsync(AuditLoad.NewEvents(LatencyRate * 6, Start), LatencyRate, cancellationToken);
            rows.Add(Row.OfFigure($"published until stored, {LatencyRate}/s", "p50 ms", latency.P50, 200));
            rows.Add(Row.OfFigure($"published until stored, {LatencyRate}/s", "p99 ms", latency.P99, 1000));
        }

        rows.AddRange(await SearchAsync(postgres, broker, options, cancellationToken));
        return Report.Print(
            $"the audit service, {events:#,0} events a drain", "the slower of bare consumption and bare COPY of the same events; for figures of one side, what they must not exceed", rows);
    }

    private static async Task<IReadOnlyList<Row>> IngestAsync(Ingest ingest, RawLimits limits, int events, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        Contest[] contests =
        [
            new(
                "bus to committed rows",
                () => ingest.DrainAsync(AuditLoad.NewEvents(events, Start), cancellationToken),
                async () =>
                {
                    var load = AuditLoad.NewEvents(events, Start);
                    var consumed = await limits.ConsumeAsync(load, cancellationToken);
                    var copied = await limits.CopyAsync(load, cancellationToken);
                    await Console.Error.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture, $"bare consumption {consumed.PerSecond:#,0}/s, bare COPY {copied.PerSecond:#,0}/s"));
                    return consumed.PerSecond < copied.PerSecond ? consumed : copied;
                },
                Metric.Rate("events/s", 0.7)),
        ];
        return await Measurement.RunAsync(contests, options, cancellationToken);
    }

    private static async Task<IReadOnlyList<Row>> SearchAsync(PrivatePostgres postgres, Uri broker, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var most = options.Number("rows", 5_000_000);
        await using var service = await StartAsync(postgres, broker, "audit_search", cancellationToken);
        await using var database = NpgsqlDataSource.Create(postgres.Settings("audit_search"));
        var searching = new Searching(service, database);
        var rows = new List<Row>();
        foreach (var count in (int[])[most / 5, most])
        {
            await searching.FillAsync(count, cancellationToken);
            await searching.P95Async(count, cancellationToken);
            rows.Add(Row.OfFigure(string.Create(CultureInfo.InvariantCulture, $"search, selective, over {count:#,0} rows"), "p95 ms", await searching.P95Async(count, cancellationToken), 200));
        }

        return rows;
    }

    // Without checkpoints over rows whose hashes are none.
    private static async Task<ServiceProcess> StartAsync(PrivatePostgres postgres, Uri broker, string database, CancellationToken cancellationToken)
    {
        var settings = database == "audit" ? "" : ", checkpoint_interval: 9999d, checkpoint_events: 1000000";
        var service = await ServiceProcess.PrepareAsync(
            "Mainstay.Audit", "audit", postgres.Settings(database), broker, $"audit: {{ queue: {(database == "audit" ? Queue : database)}{settings} }}", cancellationToken);
        await service.StartAsync(cancellationToken);
        return service;
    }
}
