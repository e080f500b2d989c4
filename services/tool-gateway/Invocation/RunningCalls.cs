using System.Collections.Concurrent;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Brings calls under an idempotency key to their end, also when the caller goes away: it will come back for the result.</summary>
internal sealed partial class RunningCalls(MakeCall makeCall, InvocationStore store, KeyLease lease, ILogger<RunningCalls> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(string Team, string Project, string Key, string Digest, bool IsApproved), Lazy<Task<CallToolResponse?>>> byKey = new();
    private readonly CancellationTokenSource stopped = new();

    /// <summary>The call under a key, which is started unless it is under way here; null when another process makes it or its result is stored.</summary>
    public Task<CallToolResponse?> JoinOrStart(PlannedCall call, InvocationKey key) =>
        byKey.GetOrAdd(Identity(key), _ => new Lazy<Task<CallToolResponse?>>(() => RunAsync(call, key))).Value;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the calls that are under way, as long as the host gives it time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var rest = Task.WhenAll(byKey.Values.Select(running => SettledAsync(running.Value)));
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

    private static (string, string, string, string, bool) Identity(InvocationKey key) => (key.Team, key.Project, key.Key, key.Digest, key.IsApproved);

    private static Task SettledAsync(Task call) => call.ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task<CallToolResponse?> RunAsync(PlannedCall call, InvocationKey key)
    {
        await Task.Yield();
        try
        {
            return await store.ClaimAsync(key, stopped.Token) is { } mayHaveBeenCalled
                ? await MakeAsync(call with { MayHaveBeenCalled = mayHaveBeenCalled }, key)
                : null;
        }
        finally
        {
            // Whoever comes from now on finds the stored result.
            byKey.TryRemove(Identity(key), out _);
        }
    }

    private async Task<CallToolResponse> MakeAsync(PlannedCall call, InvocationKey key)
    {
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
