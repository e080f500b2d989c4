using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>Uses every kind of wait that a task of the orchestrator uses.</summary>
[Workflow]
public sealed class CommissioningWorkflow
{
    private readonly List<string> log = [];
    private string? approver;

    [WorkflowQuery]
    public IReadOnlyList<string> Log => log;

    [WorkflowRun]
    public async Task<string> RunAsync(int sheets)
    {
        for (var sheet = 1; sheet <= sheets; sheet++)
        {
            var number = sheet;
            log.Add(await Workflow.ExecuteActivityAsync((CommissioningActivities a) => a.ReadAsync(number), new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) }));
        }

        await Workflow.WaitConditionAsync(() => approver is not null);
        var total = await Workflow.ExecuteLocalActivityAsync((CommissioningActivities a) => a.Count(log), new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) });
        await Workflow.DelayAsync(TimeSpan.FromMilliseconds(50));
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
        return $"{total} sheets, approved by {approver}";
    }

    [WorkflowSignal]
    public Task NoteAsync(string note)
    {
        log.Add(note);
        return Task.CompletedTask;
    }

    [WorkflowUpdate]
    public async Task<string> ApproveAsync(string name)
    {
        await Workflow.DelayAsync(TimeSpan.FromMilliseconds(10));
        approver = name;
        return $"thanks {name}";
    }

    [WorkflowUpdateValidator(nameof(ApproveAsync))]
    public void ValidateApproval(string name)
    {
        if (name.Length == 0)
        {
            throw new ApplicationFailureException("An approval needs a name");
        }
    }
}

public sealed class CommissioningActivities
{
    private int attempts;

    public int Attempts => attempts;

    [Activity]
    public Task<string> ReadAsync(int sheet)
    {
        Interlocked.Increment(ref attempts);
        return Task.FromResult($"sheet {sheet}");
    }

    [Activity]
    public int Count(List<string> log) => log.Count;
}
