using Mainstay.Audit.Integrity;

namespace Mainstay.Audit.Recording;

/// <summary>An event with its place in the trail and in its stream's chain.</summary>
internal sealed record ChainedEvent(long Sequence, StreamHead Place, IncomingEvent Event);

/// <summary>Gives events their places, one after the other.</summary>
internal sealed class ChainEvents(long sequence, IReadOnlyDictionary<string, StreamHead> heads)
{
    private readonly Dictionary<string, StreamHead> moved = [];

    /// <summary>The last place that was given.</summary>
    public long Sequence { get; private set; } = sequence;

    /// <summary>The ends of the chains that have grown.</summary>
    public IReadOnlyDictionary<string, StreamHead> Moved => moved;

    public ChainedEvent Append(IncomingEvent incoming)
    {
        var head = moved.GetValueOrDefault(incoming.Stream) ?? heads.GetValueOrDefault(incoming.Stream) ?? StreamHead.Empty;
        moved[incoming.Stream] = head = head.Append(incoming.Entry);
        return new ChainedEvent(++Sequence, head, incoming);
    }
}
