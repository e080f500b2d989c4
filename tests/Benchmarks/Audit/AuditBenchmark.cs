using Mainstay.Benchmarks.Harness;
using Testcontainers.RabbitMq;

namespace Mainstay.Benchmarks.Audit;

/// <summary>The audit service against what RabbitMQ and PostgreSQL do at most on the same machine, and against a log forwarder.</summary>
internal static class AuditBenchmark
{
    private delegate Task<IReadOnlyList<Row>> Measure(PrivatePostgres postgres, Uri broker, BenchmarkOptions options, CancellationToken cancellationToken);

    private static readonly (string Name, Measure Measure)[] Parts =
    [
        ("bus to committed rows", StoredRows.MeasureAsync),
        ("bus to webhook, rsyslog", WebhookRows.MeasureAsync),
        ("slow sink", SlowSinkRows.MeasureAsync),
        ("search", SearchRows.MeasureAsync),
    ];

    /// <summary>
    /// Measures each part whose name contains <c>--only</c>; <c>--events</c> for a measurement of ingest, <c>--forward</c> for one of the webhook, <c>--drain</c> through
    /// the slow sink, <c>--rows</c> to search in.
    /// </summary>
    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var postgres = await PrivatePostgres.StartAsync(cancellationToken);
        await using var rabbitMq = new RabbitMqBuilder().Build();
        await rabbitMq.StartAsync(cancellationToken);
        var broker = new Uri(rabbitMq.GetConnectionString());
        var rows = new List<Row>();
        foreach (var (_, measure) in Parts.Where(part => part.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            rows.AddRange(await measure(postgres, broker, options, cancellationToken));
        }

        return Report.Print(
            "the audit service",
            "the slower of bare consumption and bare COPY of the same events, and Debian's rsyslog; for figures of one side, what they must not exceed",
            rows);
    }
}
