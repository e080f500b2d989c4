using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>How much of its memory and processors the process uses, measured at most every 100 milliseconds.</summary>
internal static class ResourceUse
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    private static readonly Lock Gate = new();
    private static long measured = TimeProvider.System.GetTimestamp();
    private static TimeSpan processor = Environment.CpuUsage.TotalTime;
    private static double share;

    public static bool IsBelow(ResourceBasedTunerOptions targets)
    {
        var memory = GC.GetGCMemoryInfo();
        var available = memory.TotalAvailableMemoryBytes;
        var used = available > 0 ? (double)Environment.WorkingSet / available : 0;
        return used < targets.TargetMemoryUsage && Processors() < targets.TargetCpuUsage;
    }

    private static double Processors()
    {
        lock (Gate)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(measured);
            if (elapsed >= Window)
            {
                var now = Environment.CpuUsage.TotalTime;
                share = (now - processor) / elapsed / Environment.ProcessorCount;
                processor = now;
                measured = TimeProvider.System.GetTimestamp();
            }

            return share;
        }
    }
}
