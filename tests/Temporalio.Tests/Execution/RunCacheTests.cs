using System.Runtime.CompilerServices;
using Mainstay.Testing;
using Temporalio.Runtime.Metrics;
using Temporalio.Worker.Execution;

namespace Temporalio.Tests.Execution;

/// <summary>Runs that are kept between their tasks, and those that are let go.</summary>
public sealed class RunCacheTests
{
    [Fact]
    public void Put_BeyondTheCapacity_LetsTheLeastRecentlyUsedGo()
    {
        var cache = new RunCache(2, SdkMetrics.None);
        var runs = Enumerable.Range(0, 3).Select(_ => Waiting()).ToList();
        cache.Put("a", runs[0]);
        cache.Put("b", runs[1]);
        Assert.Same(runs[0], cache.Take("a"));
        cache.Put("a", runs[0]);
        cache.Put("c", runs[2]);

        Assert.Null(cache.Take("b"));
        Assert.Same(runs[0], cache.Take("a"));
        Assert.Same(runs[2], cache.Take("c"));
        Assert.Null(cache.Take("c"));
    }

    [Fact]
    public async Task Put_RunThatIsEvictedWhileItWaits_LeavesNothingInMemory()
    {
        var cache = new RunCache(1, SdkMetrics.None);
        var evicted = Evicted(cache);
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return evicted.All(reference => !reference.IsAlive);
            },
            TestContext.Current.CancellationToken);
        Assert.NotNull(cache.Take("last"));
    }

    // In a method of its own, so that no local keeps a run alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Evicted(RunCache cache)
    {
        var references = new List<WeakReference>();
        for (var i = 0; i < 5; i++)
        {
            var run = Waiting();
            references.Add(new(run));
            references.Add(new(run.Instance));
            cache.Put($"{i}", run);
        }

        cache.Put("last", Waiting());
        return references;
    }

    // It waits for an activity, having timers, conditions and handlers behind it.
    private static WorkflowRun Waiting()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        driver.Task(driver.Update("u1", "AddNote", "first"));
        return driver.Run;
    }
}
