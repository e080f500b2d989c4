using Mainstay.Audit.Search;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>A stretch of the trail that a sink still has to get, read ahead page by page so that memory stays flat.</summary>
internal abstract class SinkFeed
{
    // The largest event has 256 KiB.
    private const int PageSize = 200;

    private readonly Queue<StoredEvent> ahead = new();

    /// <summary>Whether more may come at any time.</summary>
    public virtual bool IsLive => false;

    /// <summary>Whether the next event is at hand.</summary>
    public bool HasReadAhead => ahead.Count > 0;

    /// <summary>The next event; null when there is none now.</summary>
    public async Task<StoredEvent?> PeekAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (ahead.Count == 0)
        {
            foreach (var stored in await ReadAsync(connection, PageSize, cancellationToken))
            {
                ahead.Enqueue(stored);
            }
        }

        return ahead.TryPeek(out var next) ? next : null;
    }

    /// <summary>Goes on to the event after the next one.</summary>
    public void Take() => ahead.Dequeue();

    /// <summary>Forgets what was read ahead: the next event is again the first that is not settled.</summary>
    public virtual void Reset() => ahead.Clear();

    /// <summary>Settles what was taken up to a place: delivered, left out, or among the dead letters.</summary>
    public abstract Task SettleAsync(NpgsqlConnection connection, Settlement settlement, CancellationToken cancellationToken);

    /// <summary>Reads on behind what was read last.</summary>
    protected abstract Task<IReadOnlyList<StoredEvent>> ReadAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken);
}

/// <summary>What of a feed is done with.</summary>
/// <param name="First">The first place that it speaks of.</param>
/// <param name="Through">The last place that it speaks of.</param>
/// <param name="Delivered">How many events arrived.</param>
/// <param name="Refused">The events that never will.</param>
internal sealed record Settlement(long First, long Through, int Delivered, IReadOnlyList<RefusedEntry> Refused)
{
    /// <summary>This and what came right after it, as one.</summary>
    public Settlement With(Settlement next) => new(First, next.Through, Delivered + next.Delivered, [.. Refused, .. next.Refused]);
}

/// <summary>An event for a sink's dead letters.</summary>
internal sealed record RefusedEntry(long Sequence, string EventId, string Reason);
