using System.Text;
using Mainstay.Audit.Integrity;

namespace Mainstay.Audit.Recording;

/// <summary>An event with its place in the trail and in its stream's chain.</summary>
internal readonly record struct ChainedEvent(long Sequence, StreamHead Place, IncomingEvent Event);

/// <summary>Gives new events their places, one after the other.</summary>
/// <param name="sequence">The last place that was given.</param>
/// <param name="heads">The ends of the streams' chains.</param>
/// <param name="stored">The entries, by their ids, that the trail holds already.</param>
internal sealed class ChainEvents(
    long sequence, IEnumerable<(string Stream, long Sequence, string Hash)> heads, IEnumerable<(string EventId, string Entry)> stored)
{
    private readonly Dictionary<string, StreamHead> heads = heads.ToDictionary(head => head.Stream, head => new StreamHead(head.Sequence, head.Hash));
    private readonly Dictionary<string, ReadOnlyMemory<byte>> known =
        stored.ToDictionary(one => one.EventId, ReadOnlyMemory<byte> (one) => Encoding.UTF8.GetBytes(one.Entry));
    private readonly Dictionary<string, StreamHead> moved = [];
    private readonly List<IncomingEvent> added = [];

    /// <summary>The last place that was given.</summary>
    public long Sequence { get; private set; } = sequence;

    /// <summary>How many events are to get a place.</summary>
    public int NewCount => added.Count;

    /// <summary>The ends of the chains that have grown.</summary>
    public IReadOnlyDictionary<string, StreamHead> Moved => moved;

    /// <summary>Takes those events that are new.</summary>
    public Appended Append(IReadOnlyList<IncomingEvent> events)
    {
        var before = added.Count;
        var taken = new List<DeadLetter>();
        foreach (var incoming in events)
        {
            if (known.TryAdd(incoming.EventId, incoming.Entry))
            {
                added.Add(incoming);
            }
            else if (!EntryText.IsSame(known[incoming.EventId].Span, incoming.Entry.Span))
            {
                taken.Add(new DeadLetter($"The id {incoming.EventId} is taken by an event with other content.", incoming.Entry.ToArray()));
            }
        }

        var stored = added.Count - before;
        return new Appended(stored, events.Count - stored - taken.Count, taken);
    }

    /// <summary>Gives the new events their places while they are being read; once.</summary>
    public IEnumerable<ChainedEvent> Chained()
    {
        foreach (var incoming in added)
        {
            var head = moved.GetValueOrDefault(incoming.Stream) ?? heads.GetValueOrDefault(incoming.Stream) ?? StreamHead.Empty;
            moved[incoming.Stream] = head = head.Append(incoming.Entry.Span);
            yield return new ChainedEvent(++Sequence, head, incoming);
        }
    }
}
