using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Execution;

[Workflow]
public sealed class GreetingWorkflow
{
    private readonly List<string> notes = [];
    private bool released;

    [WorkflowQuery]
    public IReadOnlyList<string> Notes => notes;

    [WorkflowRun]
    public async Task<string> RunAsync(string name)
    {
        var greeting = await Workflow.ExecuteActivityAsync<string>("Greet", [name], new() { StartToCloseTimeout = TimeSpan.FromSeconds(5) });
        await Workflow.WaitConditionAsync(() => released);
        await Workflow.DelayAsync(TimeSpan.FromMinutes(1));
        return $"{greeting} {string.Join(",", notes)}";
    }

    [WorkflowSignal]
    public Task ReleaseAsync()
    {
        released = true;
        return Task.CompletedTask;
    }

    [WorkflowUpdate]
    public async Task<int> AddNoteAsync(string note)
    {
        notes.Add(note);
        await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        return notes.Count;
    }

    [WorkflowUpdateValidator(nameof(AddNoteAsync))]
    public void ValidateNote(string note)
    {
        if (note.Length == 0)
        {
            throw new ApplicationFailureException("A note must not be empty");
        }
    }
}

[Workflow(nameof(GreetingWorkflow))]
public sealed class ChangedGreetingWorkflow
{
    [WorkflowRun]
    public Task RunAsync(string name) => Workflow.DelayAsync(TimeSpan.FromSeconds(name.Length));
}

[Workflow]
public sealed class TimeoutWorkflow
{
    [WorkflowRun]
    public async Task<bool> RunAsync() => await Workflow.WaitConditionAsync(() => false, TimeSpan.FromHours(1));
}

[Workflow]
public sealed class PatientGreetingWorkflow
{
    private bool released;

    [WorkflowRun]
    public async Task<bool> RunAsync() => await Workflow.WaitConditionAsync(() => released, TimeSpan.FromHours(1));

    [WorkflowSignal]
    public Task ReleaseAsync()
    {
        released = true;
        return Task.CompletedTask;
    }
}

[Workflow]
public sealed class PatchedWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        var path = Workflow.Patched("second") ? "new" : "old";
        await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        return path;
    }
}

[Workflow(nameof(PatchedWorkflow))]
public sealed class UnpatchedWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        return "old";
    }
}

[Workflow]
public sealed class FailingWorkflow
{
    [WorkflowRun]
    public Task RunAsync(bool asFailure) => asFailure
        ? throw new ApplicationFailureException("Not today", "Refused", nonRetryable: true)
        : throw new InvalidOperationException("A bug");
}

[Workflow]
public sealed class ParentWorkflow
{
    [WorkflowRun]
    public Task<string> RunAsync() => Workflow.ExecuteChildWorkflowAsync<string>("Child", ["a"], new() { Id = "child" });
}

[Workflow]
public sealed class LocalWorkflow
{
    [WorkflowRun]
    public async Task<int> RunAsync()
    {
        var doubled = await Workflow.ExecuteLocalActivityAsync<int>("Double", [21], new() { StartToCloseTimeout = TimeSpan.FromSeconds(5) });
        await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        return doubled;
    }
}

[Workflow]
public sealed class CountingWorkflow
{
    [WorkflowRun]
    public Task RunAsync(int count) => throw Workflow.CreateContinueAsNewException((CountingWorkflow next) => next.RunAsync(count + 1));
}

[Workflow]
public sealed class EscapingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await Workflow.DelayAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        return Workflow.Info.WorkflowId;
    }
}
