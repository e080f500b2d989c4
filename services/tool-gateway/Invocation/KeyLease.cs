using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Says again and again that whoever has a key lives, so that nobody takes it over.</summary>
internal sealed partial class KeyLease(InvocationStore store, IdempotencySettings settings, TimeProvider clock, ILogger<KeyLease> logger)
{
    /// <summary>Holds a key until it is disposed of.</summary>
    public IAsyncDisposable Hold(InvocationKey key)
    {
        var ended = new CancellationTokenSource();
        return new Holding(ended, RenewAsync(key, ended.Token));
    }

    private async Task RenewAsync(InvocationKey key, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(settings.Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await TryRenewAsync(key);
            }
        }
        catch (OperationCanceledException)
        {
            // The call has ended.
        }
    }

    private async Task TryRenewAsync(InvocationKey key)
    {
        try
        {
            await store.RenewAsync(key);
        }
        catch (NpgsqlException e)
        {
            Log.NotRenewed(logger, key.Key, e);
        }
    }

    private sealed class Holding(CancellationTokenSource ended, Task renewing) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await ended.CancelAsync();
            await renewing;
            ended.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not renew the lease of the key {IdempotencyKey}; trying again")]
        public static partial void NotRenewed(ILogger logger, string idempotencyKey, Exception exception);
    }
}
