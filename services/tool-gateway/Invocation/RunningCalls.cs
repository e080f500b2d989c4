using System.Collections.Concurrent;
using Mainstay.ToolGateway.Connectors;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Brings calls to their end. One under an idempotency key goes on when its caller goes away: the caller will come back for the result.</summary>
internal sealed partial class RunningCalls(MakeCall makeCall, InvocationStore store, TimeProvider clock, ILogger<RunningCalls> logger) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<(string Team, string Project, string Key, string Digest), Task<CallToolResponse>> byKey = new();
    private readonly CancellationTokenSource stopped = new();

    /// <summary>The call that is under way with a key, if this process makes it.</summary>
    public Task<CallToolResponse>? Find(InvocationKey key) => byKey.GetValueOrDefault(Identity(key));

    /// <summary>Starts a call under a key that was taken.</summary>
    public Task<CallToolResponse> Start(ToolInvocation invocation, Connector connector, Policy policy, bool mayHaveBeenCalled)
    {
        var identity = Identity(invocation.Key!);
        var call = RunUnderKeyAsync(invocation, connector, policy, mayHaveBeenCalled);
        byKey[identity] = call;

        // Forgotten only once it is there to be found by all.
        _ = call.ContinueWith(_ => byKey.TryRemove(identity, out Task<CallToolResponse>? _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return call;
    }

    /// <summary>Makes a call that ends with its caller.</summary>
    public Task<CallToolResponse> RunAsync(ToolInvocation invocation, Connector connector, Policy policy, bool mayHaveBeenCalled, CancellationToken cancellationToken) =>
        makeCall.ExecuteAsync(invocation, connector, policy, mayHaveBeenCalled, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the calls that are under way, as long as the host gives it time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var rest = Task.WhenAll(byKey.Values);
        try
        {
            await rest.WaitAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // Each caller has heard of its own failure.
            Log.Stopping(logger, e.Message);
            await stopped.CancelAsync();
        }
    }

    public void Dispose() => stopped.Dispose();

    private static (string, string, string, string) Identity(InvocationKey key) => (key.Team, key.Project, key.Key, key.Digest);

    private async Task<CallToolResponse> RunUnderKeyAsync(ToolInvocation invocation, Connector connector, Policy policy, bool mayHaveBeenCalled)
    {
        await Task.Yield();
        var key = invocation.Key!;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token);
        var lease = RenewLeaseAsync(key, ended.Token);
        try
        {
            return await makeCall.ExecuteAsync(invocation, connector, policy, mayHaveBeenCalled, stopped.Token);
        }
        catch
        {
            await store.ReleaseAsync(key);
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await lease;
        }
    }

    private async Task RenewLeaseAsync(InvocationKey key, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(InvocationStore.Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await store.RenewAsync(key);
            }
        }
        catch (OperationCanceledException)
        {
            // The call has ended.
        }
        catch (Npgsql.NpgsqlException e)
        {
            Log.LeaseLost(logger, key.Key, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped with calls under way: {Why}")]
        public static partial void Stopping(ILogger logger, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not renew the lease of {IdempotencyKey}")]
        public static partial void LeaseLost(ILogger logger, string idempotencyKey, Exception exception);
    }
}
