using Mainstay.Benchmarks.Harness;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>Our Temporal SDK against the official TypeScript SDK, both on the embedded server; the server against the disk below it.</summary>
internal static class TemporalBenchmark
{
    private const int AtOnce = 100;
    /// <summary>What the server may keep when it has nothing to do.</summary>
    public const double MostIdleMiB = 150;

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var postgres = await PrivatePostgres.StartAsync(cancellationToken);
        await postgres.PreparePgBenchAsync(cancellationToken);
        await using var server = await EmbeddedServer.StartAsync(postgres.Settings("temporal").ConnectionString, cancellationToken);
        var idle = server.ResidentMiB;
        await using var peer = await Companion.StartPeerAsync("temporal.js", [Directories.TemporalPackages, server.Address], cancellationToken);
        await using var ours = await ManagedSide.StartAsync(server.Address);
        using var driver = new RawDriver(server.Address);

        var workflows = options.Number("workflows", 1000);
        var roundTrips = options.Number("round-trips", 500);
        Func<Task<Reading>> Peer(string measure, int count) => () => peer.MeasureAsync(new { measure, count, concurrency = AtOnce }, cancellationToken);
        Contest[] contests =
        [
            new("no-op workflows", () => ours.NoopAsync(workflows, AtOnce), Peer("noop", workflows), Metric.Rate("workflows/s", 3), Metric.P50(null), Metric.Cpu()),
            new("five activities", () => ours.SequenceAsync(workflows / 2, AtOnce), Peer("sequence", workflows / 2), Metric.Rate("workflows/s", 3), Metric.P50(null), Metric.Cpu()),
            new("signal until handled", () => ours.SignalAsync(roundTrips), Peer("signal", roundTrips), Metric.P50(1), Metric.P99(), Metric.Cpu()),
            new("update until its outcome", () => ours.UpdateAsync(roundTrips), Peer("update", roundTrips), Metric.P50(1), Metric.P99(), Metric.Cpu()),
            new("query until answered", () => ours.QueryAsync(roundTrips), Peer("query", roundTrips), Metric.P50(1), Metric.P99(), Metric.Cpu()),
        ];
        var sdk = await Measurement.RunAsync(contests, options, cancellationToken);
        Contest ceiling = new(
            "starts and completions, commits of pgbench",
            () => driver.RunAsync(options.Duration, cancellationToken),
            () => postgres.CommitsAsync(RawDriver.AtOnce, options.Duration, cancellationToken),
            Metric.Rate("1/s", 0.5));
        var floor = await Measurement.RunAsync([ceiling], options, cancellationToken);

        Report.Print("the managed SDK's client and worker", "the TypeScript SDK's, on the same embedded server", sdk);
        return Report.Print(
            "the embedded server under raw gRPC",
            "pgbench on the same PostgreSQL, fsync on; for growth, the rate before; for memory, the limit",
            [.. floor, .. await Growth.MeasureAsync(driver, options, cancellationToken), .. await Waiting.MeasureAsync(server, options, cancellationToken), Row.OfFigure("server that has done nothing yet", "MiB", idle, MostIdleMiB), Row.OfFigure("server after all of this, idle", "MiB", await server.IdleMiBAsync(cancellationToken), MostIdleMiB)]);
    }
}
