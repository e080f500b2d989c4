using Temporalio.Worker.Execution;

namespace Temporalio.Tests.Execution;

/// <summary>A query that was handled beside a workflow task left an older state of the run in the cache, and every later query was answered from that.</summary>
public sealed class RunGatesTests
{
    [Fact]
    public async Task Enter_SameRun_WaitsForTheTaskBefore()
    {
        var gates = new RunGates();
        var first = await gates.EnterAsync("run");
        var (second, third) = (gates.EnterAsync("run"), gates.EnterAsync("run"));
        Assert.False(second.IsCompleted);
        first.Dispose();
        var entered = await Task.WhenAny(second, third);
        Assert.False((entered == second ? third : second).IsCompleted);
        (await entered).Dispose();
        (await (entered == second ? third : second)).Dispose();

        Assert.Equal(0, gates.Count);
    }

    [Fact]
    public async Task Enter_OtherRun_DoesNotWait()
    {
        var gates = new RunGates();
        using var first = await gates.EnterAsync("run");
        using var second = await gates.EnterAsync("other");

        Assert.Equal(2, gates.Count);
    }
}
