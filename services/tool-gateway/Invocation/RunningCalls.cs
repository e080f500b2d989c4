using System.Collections.Concurrent;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Brings calls under an idempotency key to their end, also when the caller goes away: it will come back for the result.</summary>
internal sealed partial class RunningCalls(MakeCall makeCall, InvocationStore store, KeyLease lease, ILogger<RunningCalls> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(string Team, string Project, string Key, string Digest), Task<CallToolResponse>> byKey = new();
    private readonly CancellationTokenSource stopped = new();

    /// <summary>The call that is under way with a key, if this process makes it.</summary>
    public Task<CallToolResponse>? Find(InvocationKey key) => byKey.GetValueOrDefault(Identity(key));

    /// <summary>Starts a call under a key that was taken.</summary>
    public Task<CallToolResponse> Start(PlannedCall call, InvocationKey key)
    {
        var running = RunAsync(call, key);
        byKey[Identity(key)] = running;

        // Forgotten only once it is there to be found by all.
        _ = running.ContinueWith(_ => byKey.TryRemove(Identity(key), out Task<CallToolResponse>? _), TaskScheduler.Default);
        return running;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the calls that are under way, as long as the host gives it time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var rest = Task.WhenAll(byKey.Values.Select(SettledAsync));
        try
        {
            await rest.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.Stopping(logger, byKey.Count);
            await stopped.CancelAsync();
            await rest.WaitAsync(LastMoment, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => stopped.Dispose();

    private static (string, string, string, string) Identity(InvocationKey key) => (key.Team, key.Project, key.Key, key.Digest);

    private static Task SettledAsync(Task call) => call.ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task<CallToolResponse> RunAsync(PlannedCall call, InvocationKey key)
    {
        await Task.Yield();
        await using var held = lease.Hold(key);
        try
        {
            return await makeCall.ExecuteAsync(call, stopped.Token);
        }
        catch
        {
            await store.ReleaseAsync(key);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped with {Calls} calls under way")]
        public static partial void Stopping(ILogger logger, int calls);
    }
}
