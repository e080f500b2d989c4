using Mainstay.Audit.Search;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>The ranges that were asked for once more, one after the other.</summary>
internal sealed class ReplayFeed(string sinkName, SinkStore store) : SinkFeed
{
    private ReplayRow? replay;
    private long position;

    public override void Reset()
    {
        base.Reset();
        replay = null;
    }

    public override Task SettleAsync(NpgsqlConnection connection, Settlement settlement, CancellationToken cancellationToken) =>
        store.MoveReplayAsync(connection, sinkName, replay!.Id, settlement, cancellationToken);

    protected override async Task<IReadOnlyList<StoredEvent>> ReadAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        if (replay is null)
        {
            replay = await SinkStore.OpenReplayAsync(connection, sinkName, cancellationToken);
            position = replay?.Position ?? 0;
        }

        if (replay is null)
        {
            return [];
        }

        var read = await ReadTrail.RangeAsync(connection, replay, position, most, cancellationToken);
        position = read.Count > 0 ? read[^1].Sequence : position;
        return read;
    }

    /// <summary>Closes the range once nothing of it is left; true when one was closed.</summary>
    public async Task<bool> FinishAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (replay is null)
        {
            return false;
        }

        await store.FinishReplayAsync(connection, replay.Id, cancellationToken);
        Reset();
        return true;
    }
}
