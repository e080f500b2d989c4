using Mainstay.Audit.V1;

namespace Mainstay.Audit.Search;

/// <summary>An entry of the trail with its place in its stream's chain.</summary>
internal sealed record FoundEvent(long Sequence, DateTime EventTime, string Stream, long StreamSequence, string Entry, string Hash)
{
    /// <summary>The columns to select.</summary>
    public const string Columns = "sequence, event_time, stream, stream_sequence, entry, hash";

    /// <summary>The entry as the contract has it.</summary>
    public AuditEvent ToProto()
    {
        var found = new StoredEvent(Sequence, Entry, Hash).ToProto();
        found.Stream = Stream;
        found.StreamSequence = StreamSequence;
        return found;
    }
}
