namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Events that go out together, within a sink's limits.</summary>
internal sealed class Batch(SinkLimits limits)
{
    private readonly List<EncodedEvent> events = [];
    private readonly List<RefusedEntry> refused = [];
    private long bytes;
    private DateTimeOffset earliest = DateTimeOffset.MaxValue;
    private DateTimeOffset latest = DateTimeOffset.MinValue;

    /// <summary>The first place looked at; 0 when there was none.</summary>
    public long First { get; private set; }

    /// <summary>The last place looked at.</summary>
    public long Through { get; private set; }

    /// <summary>The events to deliver, in the order of the trail.</summary>
    public IReadOnlyList<EncodedEvent> Events => events;

    /// <summary>Events that are larger than the sink takes, even when cut.</summary>
    public IReadOnlyList<RefusedEntry> Refused => refused;

    /// <summary>Whether no event can join.</summary>
    public bool IsFull => events.Count >= limits.MostEvents;

    /// <summary>Takes an event, or null for one that the sink is not to have; false when it has to wait for the next batch.</summary>
    public bool TryAdd(long sequence, EncodedEvent? encoded)
    {
        if (encoded is not null && encoded.Bytes.Length > limits.MostEventBytes)
        {
            refused.Add(new RefusedEntry(sequence, encoded.Event.EventId, $"It has {encoded.Bytes.Length} bytes as the sink sends it, more than {limits.MostEventBytes}."));
        }
        else if (encoded is not null && !TryJoin(encoded))
        {
            return false;
        }

        First = First == 0 ? sequence : First;
        Through = sequence;
        return true;
    }

    private bool TryJoin(EncodedEvent encoded)
    {
        var time = encoded.Event.Timestamp;
        var size = encoded.Bytes.Length + limits.EventOverhead;
        var (first, last) = (time < earliest ? time : earliest, time > latest ? time : latest);
        if (events.Count > 0 && (IsFull || bytes + size > limits.MostBytes || last - first > limits.LongestSpan))
        {
            return false;
        }

        (earliest, latest) = (first, last);
        bytes += size;
        events.Add(encoded);
        return true;
    }
}
