using Npgsql;

namespace Mainstay.TemporalServer.Storage;

/// <summary>The lease: an advisory lock, held for as long as its connection lives, and an epoch that tells one owner from the next.</summary>
internal sealed partial class Store
{
    private static readonly TimeSpan LeaseRetry = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource closing = new();

    /// <summary>Completed when another server has taken the database over: this one can do no more than end.</summary>
    public Task Lost => lost.Task;

    private static async Task<NpgsqlConnection> TakeLeaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        // Not from the pool, and probed while it idles, so that a lock whose owner vanished does not outlive it for long.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 5 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var take = new NpgsqlCommand($"select pg_advisory_lock({LeaseKey})", connection) { CommandTimeout = 0 };
            await take.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // A database that restarted has forgotten the lock: it is taken again, unless somebody else was faster.
    private async Task KeepLeaseAsync(NpgsqlConnection first)
    {
        var lease = first;
        try
        {
            while (true)
            {
                try
                {
                    await lease.WaitAsync(closing.Token);
                }
                catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
                {
                    await lease.DisposeAsync();
                    lease = await TakeLeaseAgainAsync();
                    if (!await IsOwnerAsync(lease))
                    {
                        lost.TrySetResult();
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            await lease.DisposeAsync();
        }
    }

    private async Task<NpgsqlConnection> TakeLeaseAgainAsync()
    {
        while (true)
        {
            try
            {
                return await TakeLeaseAsync(connectionString, closing.Token);
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                await Task.Delay(LeaseRetry, closing.Token);
            }
        }
    }

    private async Task<bool> IsOwnerAsync(NpgsqlConnection connection)
    {
        await using var read = new NpgsqlCommand("select epoch from server_lease", connection);
        return await read.ExecuteScalarAsync(closing.Token) is long now && now == epoch;
    }
}
