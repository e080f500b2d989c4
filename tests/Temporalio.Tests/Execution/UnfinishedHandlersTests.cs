using Temporalio.Workflows;

namespace Temporalio.Tests.Execution;

/// <summary>Ends with its first signal, whose handler then still waits.</summary>
[Workflow]
public sealed class HastyWorkflow
{
    private bool signalled;

    [WorkflowRun]
    public Task RunAsync() => Workflow.WaitConditionAsync(() => signalled);

    [WorkflowSignal("careful")]
    public Task CarefulAsync() => WaitAsync();

    [WorkflowSignal("careless", UnfinishedPolicy = HandlerUnfinishedPolicy.Abandon)]
    public Task CarelessAsync() => WaitAsync();

    private async Task WaitAsync()
    {
        signalled = true;
        await Workflow.DelayAsync(TimeSpan.FromHours(1));
    }
}

public sealed class UnfinishedHandlersTests
{
    [Theory]
    [InlineData("careful", 1)]
    [InlineData("careless", 0)]
    public void Workflow_EndsBeforeItsHandler_WarnsOnceUnlessItMayBeAbandoned(string signal, int warnings)
    {
        var log = new Notes();
        var driver = new RunDriver(typeof(HastyWorkflow)) { LoggerFactory = log };
        driver.Task();
        driver.Signal(signal);
        driver.Task();
        driver.Replay();

        Assert.Equal(warnings, log.Written.Count(warning => warning.StartsWith("[TMPRL1102]", StringComparison.Ordinal) && warning.Contains(signal, StringComparison.Ordinal)));
    }
}
