using System.Diagnostics;
using Mainstay.Benchmarks.Harness;
using Mainstay.BusContracts;
using Mainstay.Testing;
using Npgsql;

namespace Mainstay.Benchmarks.Audit;

/// <summary>From the bus to committed rows.</summary>
internal sealed class Ingest(ServiceProcess service, AuditLoad load, NpgsqlDataSource database)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Has events wait in the queue while the service stands still, and times it from when it goes on until the last is committed.</summary>
    public async Task<Reading> DrainAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await SignalAsync("STOP");
        await load.PublishAsync(events, cancellationToken);
        var before = await CountAsync(cancellationToken);
        await SignalAsync("CONT");
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (await CountAsync(cancellationToken) < before + events.Count)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return new(events.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 0, 0);
    }

    /// <summary>Publishes at a steady pace and times each event from before it is published until its commit is announced.</summary>
    public async Task<Reading> LatencyAsync(IReadOnlyList<AuditEvent> events, int perSecond, CancellationToken cancellationToken)
    {
        var sent = new Dictionary<string, long>();
        var latencies = new List<double>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand("listen audit_event", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        var after = await CountAsync(cancellationToken);
        var publishing = Task.Run(
            async () =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
                foreach (var chunk in events.Chunk(perSecond / 50))
                {
                    await timer.WaitForNextTickAsync(cancellationToken);
                    lock (sent)
                    {
                        foreach (var one in chunk)
                        {
                            sent[one.EventId] = Stopwatch.GetTimestamp();
                        }
                    }

                    await load.PublishAsync(chunk, cancellationToken);
                }
            },
            cancellationToken);
        while (latencies.Count < events.Count)
        {
            await connection.WaitAsync(cancellationToken);
            var stored = Stopwatch.GetTimestamp();
            await using var select = new NpgsqlCommand("select sequence, event_id from audit_event where sequence > $1 order by sequence", connection) { Parameters = { new() { Value = after } } };
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                after = reader.GetInt64(0);
                lock (sent)
                {
                    if (sent.TryGetValue(reader.GetString(1), out var since))
                    {
                        latencies.Add(Stopwatch.GetElapsedTime(since, stored).TotalMilliseconds);
                    }
                }
            }
        }

        await publishing;
        return Reading.Of(latencies, TimeSpan.FromSeconds((double)events.Count / perSecond), TimeSpan.Zero);
    }

    private async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select sequence from chain_head");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{service.Id}"]);
        await kill.WaitForExitAsync();
    }
}
