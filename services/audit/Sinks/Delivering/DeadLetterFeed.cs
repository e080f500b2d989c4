using Mainstay.Audit.Search;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>The dead letters that are to be tried again.</summary>
internal sealed class DeadLetterFeed(string sinkName, SinkStore store) : SinkFeed
{
    private readonly List<long> read = [];
    private long position;

    public override void Reset()
    {
        base.Reset();
        read.Clear();
        position = 0;
    }

    public override async Task SettleAsync(NpgsqlConnection connection, Settlement settlement, CancellationToken cancellationToken)
    {
        // More may have been asked for meanwhile, with places between and before those that were read: they are for the next round.
        var refused = settlement.Refused.Select(one => one.Sequence).ToHashSet();
        var done = read.Where(sequence => sequence >= settlement.First && sequence <= settlement.Through && !refused.Contains(sequence));
        await store.SettleDeadLettersAsync(connection, sinkName, settlement, [.. done], cancellationToken);

        // The rest of what was read may still be on its way, in a part of its own.
        read.RemoveAll(sequence => sequence <= settlement.Through);
        base.Reset();
        position = 0;
    }

    protected override async Task<IReadOnlyList<StoredEvent>> ReadAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        var next = await ReadTrail.DeadAsync(connection, sinkName, position, most, cancellationToken);
        position = next.Count > 0 ? next[^1].Sequence : position;
        read.AddRange(next.Select(stored => stored.Sequence));
        return next;
    }
}
