using System.Threading.Channels;
using Npgsql;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Group commit: one writer stores what has queued up in one transaction, then answers all who wait.</summary>
internal sealed partial class Store
{
    private const int MostPerCommit = 256;

    private readonly Channel<PendingWrite> writes = Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Stores a transition, with the run that takes over; done when it is committed and published, in the order of the calls.</summary>
    public Task CommitAsync(PendingWrite write) =>
        writes.Writer.TryWrite(write) ? write.Stored.Task : Task.FromException(new StoreException("The store is closed.", null));

    private async Task WriteAsync()
    {
        try
        {
            await WriteGroupsAsync();
        }
        finally
        {
            // Whatever ended the writer: without it this server answers nobody.
            lost.TrySetResult();
        }
    }

    private async Task WriteGroupsAsync()
    {
        var group = new List<PendingWrite>();
        while (await writes.Reader.WaitToReadAsync())
        {
            while (group.Count < MostPerCommit && writes.Reader.TryRead(out var next))
            {
                group.Add(next);
            }

            await WriteOrFailAsync(group);

            // At once, because the runs of the last commit would stay in memory until the next.
            group.Clear();
        }
    }

    private async Task WriteOrFailAsync(List<PendingWrite> group)
    {
        try
        {
            await WriteAsync(group);
        }
        catch (Exception e) when (group.Count > 1 && e is PostgresException { IsTransient: false, SqlState: not PostgresErrorCodes.DivisionByZero } or not (NpgsqlException or IOException))
        {
            // One of them cannot be stored: alone, it does no harm to the others.
            foreach (var write in group)
            {
                await WriteOrFailAsync([write]);
            }

            return;
        }
        catch (Exception e)
        {
            group.ForEach(w => Fail(w, e));
            if (e is PostgresException { SqlState: PostgresErrorCodes.DivisionByZero })
            {
                lost.TrySetResult();
            }

            return;
        }

        foreach (var write in group)
        {
            write.Publish();
            write.Stored.SetResult();
        }
    }

    private static void Fail(PendingWrite write, Exception? cause)
    {
        write.Run.Break();
        write.Successor?.Break();
        write.Stored.SetException(new StoreException("The change was not stored.", cause));
    }

    private async Task WriteAsync(List<PendingWrite> group)
    {
        // What was computed on top of a change that failed fails with it.
        foreach (var write in group.Where(w => w.Run.Broken))
        {
            Fail(write, null);
        }

        group.RemoveAll(w => w.Run.Broken);
        if (group.Count == 0)
        {
            return;
        }

        await using var connection = await writing.OpenConnectionAsync();
        // Without a transaction of its own a batch is one: all of it is stored or nothing, in one round trip.
        await using var batch = new NpgsqlBatch(connection);
        // A server that was paused and lost its lease finds another epoch here and cannot write; while this holds the row, none can be taken.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1 / count(*) from (select epoch from server_lease where epoch = $1 for share) held") { Parameters = { new() { Value = epoch } } });
        foreach (var command in GroupStatements.Of([.. group.SelectMany(w => w.Change.Successor is { } successor ? new[] { w.Change, successor } : [w.Change])]))
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
    }
}
