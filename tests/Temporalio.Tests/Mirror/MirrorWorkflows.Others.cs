using System.Text.Json;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using ParentClosePolicy = Temporalio.Workflows.ParentClosePolicy;

namespace Temporalio.Tests.Mirror;

[Workflow("runChild")]
public sealed class RunChildWorkflow
{
    [WorkflowRun]
    public Task<JsonElement?> RunAsync(string type, JsonElement options) =>
        Workflow.ExecuteChildWorkflowAsync<JsonElement?>(type, [], new() { Id = $"{Workflow.Info.WorkflowId}/child" });
}

[Workflow("tryChild")]
public sealed class TryChildWorkflow
{
    [WorkflowRun]
    public async Task<JsonElement?> RunAsync(string type, JsonElement options, JsonElement? given = null)
    {
        try
        {
            return await Workflow.ExecuteChildWorkflowAsync<JsonElement?>(
                type, given is null ? [] : [given], new() { Id = $"{Workflow.Info.WorkflowId}/child", RunTimeout = MirrorWorkflows.Time(options, "workflowRunTimeout") });
        }
        catch (Exception e) when (e is ChildWorkflowFailureException or WorkflowAlreadyStartedException)
        {
            return null;
        }
    }
}

[Workflow("cancelsChild")]
public sealed class CancelsChildWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<bool> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        var child = Workflow.ExecuteChildWorkflowAsync<JsonElement?>("waitGo", [], new()
        {
            Id = $"{Workflow.Info.WorkflowId}/child",
            CancellationType = ChildWorkflowCancellationType.WaitCancellationCompleted,
            CancellationToken = stop.Token,
        });
        await WentAsync();
        stop.Cancel();
        try
        {
            await child;
            return false;
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            return true;
        }
    }
}

[Workflow("leavesChild")]
public sealed class LeavesChildWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync(string policy)
    {
        var child = await Workflow.StartChildWorkflowAsync("waitGo", [], new()
        {
            Id = $"{Workflow.Info.WorkflowId}/child",
            ParentClosePolicy = policy switch { "TERMINATE" => ParentClosePolicy.Terminate, "ABANDON" => ParentClosePolicy.Abandon, _ => ParentClosePolicy.RequestCancel },
        });
        await WentAsync();
        return child.Id == $"{Workflow.Info.WorkflowId}/child" ? "left" : "wrong id";
    }
}

[Workflow("signalsOther")]
public sealed class SignalsOtherWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync(string id, JsonElement value)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(id).SignalAsync("go", [value]);
            return "delivered";
        }
        catch (ApplicationFailureException)
        {
            return "not delivered";
        }
    }
}

[Workflow("cancelsOther")]
public sealed class CancelsOtherWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync(string id)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(id).CancelAsync();
            return "requested";
        }
        catch (ApplicationFailureException)
        {
            return "not requested";
        }
    }
}

[Workflow("counter")]
public sealed class CounterWorkflow
{
    [WorkflowRun]
    public Task<Dictionary<string, object>> RunAsync(int left, int[]? seen = null) => left > 0
        ? throw Workflow.CreateContinueAsNewException("counter", [left - 1, (int[])[.. seen ?? [], left]])
        : Task.FromResult(new Dictionary<string, object> { ["seen"] = seen ?? [], ["memo"] = new Dictionary<string, string> { ["keep"] = "me" } });
}

[Workflow("moves")]
public sealed class MovesWorkflow
{
    [WorkflowRun]
    public Task<JsonElement?> RunAsync(string taskQueue, bool moved = false) => moved
        ? Task.FromResult<JsonElement?>(null)
        : throw Workflow.CreateContinueAsNewException("moves", [taskQueue, true], new()
        {
            TaskQueue = taskQueue,
            Memo = new Dictionary<string, object> { ["carried"] = "second run" },
            TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(SearchAttributeKey.CreateKeyword("ConfKeyword"), "moved").ToSearchAttributeCollection(),
            RunTimeout = TimeSpan.FromSeconds(30),
        });
}

[Workflow("upserts")]
public sealed class UpsertsWorkflow
{
    private static readonly SearchAttributeKey<string> Keyword = SearchAttributeKey.CreateKeyword("ConfKeyword");
    private static readonly SearchAttributeKey<long> Number = SearchAttributeKey.CreateLong("ConfInt");

    [WorkflowRun]
    public async Task<JsonElement?> RunAsync()
    {
        Workflow.UpsertTypedSearchAttributes(Keyword.ValueSet("after"), Number.ValueSet(7));
        Workflow.UpsertMemo(MemoUpdate.ValueSet("added", "in workflow"), MemoUpdate.ValueUnset("start"));
        await Workflow.DelayAsync(1);
        Workflow.UpsertTypedSearchAttributes(Number.ValueUnset());
        await Workflow.DelayAsync(1);
        return null;
    }
}

[Workflow("patching")]
public sealed class PatchingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        var version = Workflow.Patched("second-version") ? "new" : "old";
        await Workflow.DelayAsync(1);
        return version;
    }
}
