using Temporalio.Activities;
using Temporalio.Workflows;

namespace CrashWorker;

/// <summary>Three activities, a timer and a signal, each of which a crash may cut in two.</summary>
[Workflow]
public sealed class CrashedWorkflow
{
    /// <summary>The task queue of the worker.</summary>
    public const string Queue = "crashed";

    private static readonly ActivityOptions Options = new()
    {
        StartToCloseTimeout = TimeSpan.FromSeconds(2),
        RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(10), BackoffCoefficient = 1 },
    };

    private string? word;

    [WorkflowRun]
    public async Task<string> RunAsync(int number)
    {
        var twice = await Workflow.ExecuteActivityAsync((CrashedActivities a) => a.Double(number), Options);
        await Workflow.DelayAsync(TimeSpan.FromMilliseconds(20));
        var both = await Workflow.WhenAllAsync(
            Workflow.ExecuteActivityAsync((CrashedActivities a) => a.Double(twice), Options),
            Workflow.ExecuteActivityAsync((CrashedActivities a) => a.Double(twice + 1), Options));
        await Workflow.WaitConditionAsync(() => word is not null);
        return $"{word} {both.Sum()}";
    }

    [WorkflowSignal]
    public Task SayAsync(string said)
    {
        word = said;
        return Task.CompletedTask;
    }

    /// <summary>What the workflow of a number returns.</summary>
    public static string Expected(int number) => $"go {(number * 4) + (number * 4) + 2}";
}

/// <summary>The work itself, which has no side effects.</summary>
public sealed class CrashedActivities
{
    [Activity]
    public int Double(int number) => number * 2;
}
