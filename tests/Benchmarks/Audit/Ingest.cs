using System.Diagnostics;
using Mainstay.Benchmarks.Harness;
using Mainstay.BusContracts;

namespace Mainstay.Benchmarks.Audit;

/// <summary>From the bus to committed rows.</summary>
internal sealed class Ingest(AuditInstance audit)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Has events wait in the queue while the service stands still, and times it from when it goes on until the last is committed.</summary>
    public async Task<Reading> DrainAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await SignalAsync("STOP");
        await audit.PublishAsync(events, cancellationToken);
        var before = await audit.CountAsync(cancellationToken);
        await SignalAsync("CONT");
        var started = Stopwatch.GetTimestamp();
        var cpu = Machine.ProcessorTime(audit.Service.Id);
        using var timer = new PeriodicTimer(Interval);
        while (await audit.CountAsync(cancellationToken) < before + events.Count)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return new(events.Count / elapsed.TotalSeconds, 0, 0, (Machine.ProcessorTime(audit.Service.Id) - cpu).TotalMilliseconds / events.Count);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{audit.Service.Id}"]);
        await kill.WaitForExitAsync();
    }
}
