using System.Text.Json;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Mirror;

[Workflow("runActivity")]
public sealed class RunActivityWorkflow
{
    [WorkflowRun]
    public Task<JsonElement?> RunAsync(string name, JsonElement options, JsonElement? given = null) =>
        Workflow.ExecuteActivityAsync<JsonElement?>(name, given is null ? [] : [given], MirrorWorkflows.Activity(options));
}

[Workflow("tryActivity")]
public sealed class TryActivityWorkflow
{
    [WorkflowRun]
    public async Task<JsonElement?> RunAsync(string name, JsonElement options, JsonElement? first = null, JsonElement? second = null)
    {
        try
        {
            object?[] args = first is null ? [] : [first, second];
            return await Workflow.ExecuteActivityAsync<JsonElement?>(name, args, MirrorWorkflows.Activity(options));
        }
        catch (ActivityFailureException)
        {
            return null;
        }
    }
}

[Workflow("manyActivities")]
public sealed class ManyActivitiesWorkflow
{
    [WorkflowRun]
    public async Task<int[]> RunAsync(string name, JsonElement options, int count) =>
        await Workflow.WhenAllAsync(Enumerable.Range(0, count).Select(i => Workflow.ExecuteActivityAsync<int>(name, [i], MirrorWorkflows.Activity(options))));
}

[Workflow("runLocalActivity")]
public sealed class RunLocalActivityWorkflow
{
    [WorkflowRun]
    public Task<JsonElement?> RunAsync(string name, JsonElement options, JsonElement? given = null) => Workflow.ExecuteLocalActivityAsync<JsonElement?>(
        name, given is null ? [] : [given], MirrorWorkflows.LocalActivity(options));
}

[Workflow("tryLocalActivity")]
public sealed class TryLocalActivityWorkflow
{
    [WorkflowRun]
    public async Task<JsonElement?> RunAsync(string name, JsonElement options)
    {
        try
        {
            return await Workflow.ExecuteLocalActivityAsync<JsonElement?>(name, [], MirrorWorkflows.LocalActivity(options));
        }
        catch (ApplicationFailureException)
        {
            return null;
        }
    }
}

[Workflow("sequence")]
public sealed class SequenceWorkflow
{
    [WorkflowRun]
    public async Task<List<JsonElement>> RunAsync(string name, JsonElement options, int count)
    {
        var results = new List<JsonElement>();
        for (var i = 0; i < count; i++)
        {
            results.Add(await Workflow.ExecuteActivityAsync<JsonElement>(name, [i], MirrorWorkflows.Activity(options)));
        }

        return results;
    }
}

[Workflow("twoActivities")]
public sealed class TwoActivitiesWorkflow
{
    [WorkflowRun]
    public async Task<int> RunAsync(int number)
    {
        var options = new ActivityOptions { StartToCloseTimeout = TimeSpan.FromSeconds(30) };
        return await Workflow.ExecuteActivityAsync<int>("double", [await Workflow.ExecuteActivityAsync<int>("double", [number], options)], options);
    }
}

[Workflow("cancelActivity")]
public sealed class CancelActivityWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<bool> RunAsync(string kind)
    {
        using var stop = new CancellationTokenSource();
        var activity = Workflow.ExecuteActivityAsync<JsonElement?>("untilCancelled", [], new()
        {
            StartToCloseTimeout = TimeSpan.FromSeconds(8),
            HeartbeatTimeout = TimeSpan.FromSeconds(8),
            CancellationType = kind switch
            {
                "TRY_CANCEL" => ActivityCancellationType.TryCancel,
                "ABANDON" => ActivityCancellationType.Abandon,
                _ => ActivityCancellationType.WaitCancellationCompleted,
            },
            RetryPolicy = new() { MaximumAttempts = 1 },
            CancellationToken = stop.Token,
        });
        await WentAsync();
        stop.Cancel();
        try
        {
            await activity;
            return false;
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            return true;
        }
    }
}

[Workflow("cancelledInActivity")]
public sealed class CancelledInActivityWorkflow
{
    [WorkflowRun]
    public async Task<JsonElement?> RunAsync()
    {
        try
        {
            return await Workflow.ExecuteActivityAsync<JsonElement?>("untilCancelled", [], new()
            {
                StartToCloseTimeout = TimeSpan.FromSeconds(8),
                HeartbeatTimeout = TimeSpan.FromSeconds(8),
                CancellationType = ActivityCancellationType.WaitCancellationCompleted,
                RetryPolicy = new() { MaximumAttempts = 1 },
            });
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            await Workflow.ExecuteActivityAsync<string>("cleanUp", ["after cancel"], new() { StartToCloseTimeout = TimeSpan.FromSeconds(5), CancellationToken = CancellationToken.None });
            throw;
        }
    }
}
