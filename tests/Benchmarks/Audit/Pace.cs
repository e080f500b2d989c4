using System.Collections.Concurrent;
using System.Diagnostics;
using Mainstay.BusContracts;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Publishes at a steady pace.</summary>
internal static class Pace
{
    private const int TicksPerSecond = 50;

    /// <summary>Returns, by event, when it was about to be published.</summary>
    public static async Task<ConcurrentDictionary<string, long>> PublishAsync(AuditInstance audit, IReadOnlyList<AuditEvent> events, int perSecond, CancellationToken cancellationToken)
    {
        var sent = new ConcurrentDictionary<string, long>();
        await using var publisher = await audit.OpenPublisherAsync(cancellationToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        foreach (var chunk in events.Chunk(perSecond / TicksPerSecond))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            foreach (var one in chunk)
            {
                sent[one.EventId] = Stopwatch.GetTimestamp();
            }

            await publisher.PublishAsync(chunk, cancellationToken);
        }

        return sent;
    }
}
