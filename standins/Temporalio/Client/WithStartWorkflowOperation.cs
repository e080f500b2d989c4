using Temporalio.Workflows;

namespace Temporalio.Client;

/// <summary>The start that goes with an update.</summary>
public abstract class WithStartWorkflowOperation
{
    private protected WithStartWorkflowOperation(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        Workflow = workflow;
        Args = args;
        Options = options;
    }

    public string Workflow { get; set; }

    public IReadOnlyCollection<object?> Args { get; set; }

    public WorkflowOptions Options { get; set; }

    public IDictionary<string, Payload>? Headers { get; set; }

    public static WithStartWorkflowOperation<WorkflowHandle<TWorkflow, TResult>> Create<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var (method, arguments) = ExpressionUtil.ExtractCall(workflowRunCall);
        return new(WorkflowDefinition.NameFromRunMethodForCall(method), arguments, options, (client, id, runId) => new(client, id, null, runId, runId));
    }

    public static WithStartWorkflowOperation<WorkflowHandle<TWorkflow>> Create<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var (method, arguments) = ExpressionUtil.ExtractCall(workflowRunCall);
        return new(WorkflowDefinition.NameFromRunMethodForCall(method), arguments, options, (client, id, runId) => new(client, id, null, runId, runId));
    }

    public static WithStartWorkflowOperation<WorkflowHandle> Create(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options) =>
        new(workflow, args, options, (client, id, runId) => new(client, id, null, runId, runId));

    internal abstract void Started(ITemporalClient client, string id, string runId);

    internal abstract void Failed(Exception exception);
}

/// <summary>The start that goes with an update, and the handle that it gives.</summary>
public sealed class WithStartWorkflowOperation<THandle> : WithStartWorkflowOperation
    where THandle : WorkflowHandle
{
    private readonly Func<ITemporalClient, string, string, THandle> makeHandle;
    private readonly TaskCompletionSource<THandle> handle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal WithStartWorkflowOperation(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options, Func<ITemporalClient, string, string, THandle> makeHandle)
        : base(workflow, args, options) => this.makeHandle = makeHandle;

    /// <summary>The handle of the workflow, once it is known to be started.</summary>
    public Task<THandle> GetHandleAsync() => handle.Task;

    internal override void Started(ITemporalClient client, string id, string runId) => handle.TrySetResult(makeHandle(client, id, runId));

    internal override void Failed(Exception exception) => handle.TrySetException(exception);
}
