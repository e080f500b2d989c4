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

    public override Task SettleAsync(NpgsqlConnection connection, Settlement settlement, CancellationToken cancellationToken) =>
        store.SettleDeadLettersAsync(connection, sinkName, settlement, cancellationToken);

    protected override async Task<IReadOnlyList<StoredEvent>> ReadAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        var read = await ReadTrail.DeadAsync(connection, sinkName, position, most, cancellationToken);

        // At the end it starts over: more may have been asked for, with earlier places.
        position = read.Count > 0 ? read[^1].Sequence : 0;
        return read;
    }
}
