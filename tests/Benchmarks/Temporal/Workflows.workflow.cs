using Temporalio.Activities;
using Temporalio.Workflows;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>Returns what it was given.</summary>
[Workflow("noop")]
public sealed class NoopWorkflow
{
    [WorkflowRun]
    public Task<int> RunAsync(int number) => Task.FromResult(number);
}

/// <summary>Runs activities that do nothing, one after another.</summary>
[Workflow("sequence")]
public sealed class SequenceWorkflow
{
    [WorkflowRun]
    public async Task<int> RunAsync(int activities)
    {
        for (var done = 0; done < activities; done++)
        {
            await Workflow.ExecuteActivityAsync(() => SequenceActivities.Nothing(), new() { StartToCloseTimeout = TimeSpan.FromSeconds(60) });
        }

        return activities;
    }
}

public static class SequenceActivities
{
    [Activity("nothing")]
    public static void Nothing()
    {
    }
}

/// <summary>Answers signals, queries and updates until it is told to end.</summary>
[Workflow("benchTarget")]
public sealed class TargetWorkflow
{
    private int count;
    private bool over;

    [WorkflowRun]
    public async Task<int> RunAsync()
    {
        await Workflow.WaitConditionAsync(() => over);
        return count;
    }

    [WorkflowSignal("add")]
    public Task AddAsync(int number)
    {
        count++;
        HandledSignals.Tell(number);
        return Task.CompletedTask;
    }

    [WorkflowSignal("go")]
    public Task GoAsync()
    {
        over = true;
        return Task.CompletedTask;
    }

    [WorkflowUpdate("change")]
    public Task<int> ChangeAsync(int number)
    {
        count++;
        return Task.FromResult(number);
    }

    [WorkflowQuery("state")]
    public int State() => count;
}

/// <summary>Waits for a signal or, at the longest, a day; and ends with what it was given.</summary>
[Workflow("waiting")]
public sealed class WaitingWorkflow
{
    private bool over;

    [WorkflowRun]
    public async Task<int> RunAsync(int number)
    {
        await Workflow.WaitConditionAsync(() => over, TimeSpan.FromDays(1));
        return number;
    }

    [WorkflowSignal("go")]
    public Task GoAsync()
    {
        over = true;
        return Task.CompletedTask;
    }

    [WorkflowQuery("isOver")]
    public bool IsOver() => over;
}
