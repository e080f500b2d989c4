namespace Temporalio.Tests.Mirror;

/// <summary>Turns of scenarios whose golden history has time-outs of a second.</summary>
internal static class Turns
{
    private const int Most = 3;

    /// <summary>Plays a scenario; where a machine that stalled for longer than a heartbeat may take changed its course, it has another turn.</summary>
    public static async Task PlayAsync(Func<Task> scenario)
    {
        for (var turn = 1; turn < Most; turn++)
        {
            try
            {
                await scenario();
                return;
            }
            catch (Xunit.Sdk.EqualException e) when (e.Message.Contains("attempt", StringComparison.Ordinal) || e.Message.Contains("failure", StringComparison.Ordinal))
            {
                // An attempt that was timed out: the next turn tells whether it was the machine's fault.
            }
        }

        await scenario();
    }
}
