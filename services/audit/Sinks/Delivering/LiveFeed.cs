using Mainstay.Audit.Search;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>The trail from the sink's cursor on.</summary>
internal sealed class LiveFeed(string sinkName, SinkStore store) : SinkFeed
{
    private long? position;

    public override bool IsLive => true;

    public override void Reset()
    {
        base.Reset();
        position = null;
    }

    public override Task SettleAsync(NpgsqlConnection connection, Settlement settlement, CancellationToken cancellationToken) =>
        store.MoveCursorAsync(connection, sinkName, settlement, cancellationToken);

    protected override async Task<IReadOnlyList<StoredEvent>> ReadAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        position ??= await SinkStore.CursorAsync(connection, sinkName, cancellationToken);
        var read = await ReadTrail.AfterAsync(connection, position.Value, most, cancellationToken);
        position = read.Count > 0 ? read[^1].Sequence : position;
        return read;
    }
}
