using Temporalio.Activities;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>Waits for one thing long enough to be interrupted: a timer, a signal or an activity; in the end for a signal.</summary>
[Workflow]
public sealed class PatientWorkflow
{
    private string? word;

    [WorkflowQuery]
    public bool Waiting { get; set; }

    [WorkflowRun]
    public async Task<string> RunAsync(string kind)
    {
        Waiting = true;
        if (kind == "timer")
        {
            await Workflow.DelayAsync(TimeSpan.FromSeconds(2));
        }
        else if (kind == "activity")
        {
            await Workflow.ExecuteActivityAsync(
                (PatientActivities a) => a.WaitAsync(),
                new() { StartToCloseTimeout = TimeSpan.FromSeconds(30), HeartbeatTimeout = TimeSpan.FromSeconds(1), RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(10) } });
        }

        await Workflow.WaitConditionAsync(() => word is not null);
        return $"{kind}: {word}";
    }

    [WorkflowSignal]
    public Task GoAsync(string said)
    {
        word = said;
        return Task.CompletedTask;
    }
}

public sealed class PatientActivities
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => released.TrySetResult();

    [Activity]
    public Task WaitAsync() => released.Task.WaitAsync(ActivityExecutionContext.Current.CancellationToken);
}
