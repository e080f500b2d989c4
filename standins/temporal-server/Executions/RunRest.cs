namespace Mainstay.TemporalServer.Executions;

/// <summary>Lets runs that wait leave memory, and gives memory back to the machine once the server has nothing to do.</summary>
internal sealed class RunRest(RunHost host, TimeProvider machine) : BackgroundService
{
    private const long WorthCollecting = 16 * 1024 * 1024;

    // About as much memory.
    private const int RunsWorthCollecting = 2000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (transitions, collected) = (host.Transitions, GC.GetTotalAllocatedBytes());
        var letGo = 0;
        using var timer = new PeriodicTimer(Pause, machine);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var released = host.Rest(machine.GetUtcNow() - Idle);
            letGo += released;
            var quiet = host.Transitions == transitions;
            transitions = host.Transitions;
            if (quiet && released == 0 && (letGo > RunsWorthCollecting || GC.GetTotalAllocatedBytes() - collected > WorthCollecting))
            {
                // Without work there is no allocation, and without that no collection would ever come.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                (collected, letGo) = (GC.GetTotalAllocatedBytes(), 0);
            }
        }
    }
}
