using Mainstay.Benchmarks.Harness;

namespace Mainstay.Benchmarks.Audit;

/// <summary>The memory of a service whose sink answers slowly while events come faster than it takes them.</summary>
internal static class SlowSinkRows
{
    private const int Chunk = 20_000;

    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static async Task<IReadOnlyList<Row>> MeasureAsync(PrivatePostgres postgres, Uri broker, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var count = options.Number("drain", 1_000_000);
        await using var receiver = await Receiver.StartAsync(Answer, cancellationToken);
        var sinks = $", sinks: [{{ name: slow, type: otlp, endpoint: \"{receiver.Address}\" }}]";
        await using var audit = await AuditInstance.StartAsync(postgres, broker, "audit_slow", sinks, cancellationToken);
        var publishing = Task.Run(
            async () =>
            {
                for (var sent = 0; sent < count; sent += Chunk)
                {
                    await audit.PublishAsync(AuditLoad.NewEvents(Math.Min(Chunk, count - sent)), cancellationToken);
                }
            },
            cancellationToken);
        var (early, late) = (0.0, 0.0);
        using var timer = new PeriodicTimer(Interval);
        for (var delivered = 0L; delivered < count; delivered = await DeliveredAsync(audit, cancellationToken))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var resident = Machine.ResidentMiB(audit.Service.Id);
            (early, late) = delivered < count / 4 ? (Math.Max(early, resident), late) : (early, Math.Max(late, resident));
        }

        await publishing;
        return [Row.OfFigure($"{count:#,0} events through a slow sink, highest", "MiB", late, early * 1.1)];
    }

    private static async Task<long> DeliveredAsync(AuditInstance audit, CancellationToken cancellationToken)
    {
        await using var command = audit.Database.CreateCommand("select sequence from sink_state where sink_name = 'slow'");
        return await command.ExecuteScalarAsync(cancellationToken) is long sequence ? sequence : 0;
    }
}
