using Temporalio.Workflows;

namespace Temporalio.Tests.Mirror;

/// <summary>The first version; a careless deployment puts an activity where the timer is.</summary>
[Workflow("mutable")]
public sealed class MutableWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await Workflow.DelayAsync(10);
        await WentAsync();
        return "timer first";
    }
}

[Workflow("mutable")]
public sealed class ChangedMutableWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await Workflow.ExecuteActivityAsync<int>("double", [1], new() { StartToCloseTimeout = TimeSpan.FromSeconds(5) });
        await WentAsync();
        return "activity first";
    }
}

/// <summary>The first version; a careful deployment has its new path behind a patch.</summary>
[Workflow("evolves")]
public sealed class EvolvesWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await WentAsync();
        await Workflow.DelayAsync(10);
        return "old path";
    }
}

[Workflow("evolves")]
public sealed class ChangedEvolvesWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await WentAsync();
        if (Workflow.Patched("evolved"))
        {
            await Workflow.ExecuteActivityAsync<int>("double", [1], new() { StartToCloseTimeout = TimeSpan.FromSeconds(5) });
            return "new path";
        }

        await Workflow.DelayAsync(10);
        return "old path";
    }
}

/// <summary>The patch is everywhere, the old path is gone.</summary>
[Workflow("patching")]
public sealed class ChangedPatchingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        Workflow.DeprecatePatch("second-version");
        await Workflow.DelayAsync(1);
        return "new";
    }
}
