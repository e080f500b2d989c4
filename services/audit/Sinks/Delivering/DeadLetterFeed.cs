using Mainstay.Audit.Search;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>The dead letters that are to be tried again.</summary>
internal sealed class DeadLetterFeed(string sinkName, SinkStore store) : SinkFeed
{
    private long position;

    public override void Reset()
    {
        base.Reset();
        position = 0;
    }

    public override async Task SettleAsync(NpgsqlConnection connection, Settlement settlement, CancellationToken cancellationToken)
    {
        await store.SettleDeadLettersAsync(connection, sinkName, settlement, cancellationToken);

        // More may have been asked for meanwhile, with earlier places than what was read ahead.
        Reset();
    }

    protected override async Task<IReadOnlyList<StoredEvent>> ReadAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        var read = await ReadTrail.DeadAsync(connection, sinkName, position, most, cancellationToken);
        position = read.Count > 0 ? read[^1].Sequence : position;
        return read;
    }
}
