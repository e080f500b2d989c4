using Temporalio.Api.History.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>Reads what a workflow knows about itself from the first event.</summary>
internal static class WorkflowInfoReader
{
    public static WorkflowInfo Read(WorkflowRunDetails details, WorkflowExecutionStartedEventAttributes started, DateTime startTime, string workflowId, string runId) => new(
        Attempt: started.Attempt,
        ContinuedRunId: Optional(started.ContinuedExecutionRunId),
        CronSchedule: Optional(started.CronSchedule),
        ExecutionTimeout: Optional(started.WorkflowExecutionTimeout),
        FirstExecutionRunId: started.FirstExecutionRunId,
        Headers: started.Header?.Fields.ToDictionary(field => field.Key, field => field.Value),
        LastFailure: started.ContinuedFailure is { } failure ? details.FailureConverter.ToException(failure, details.PayloadConverter) : null,
        LastResult: started.LastCompletionResult?.Payloads_.Select(payload => (IRawValue)new RawValue(payload)).ToList(),
        Namespace: details.Namespace,
        Parent: started.ParentWorkflowExecution is { } parent ? new(started.ParentWorkflowNamespace, parent.RunId, parent.WorkflowId) : null,
        Priority: Priority.FromProto(started.Priority),
        RetryPolicy: started.RetryPolicy is { } retry ? RetryPolicy.FromProto(retry) : null,
        Root: started.RootWorkflowExecution is { } root ? new(root.RunId, root.WorkflowId) : null,
        RunId: runId,
        RunTimeout: Optional(started.WorkflowRunTimeout),
        StartTime: startTime,
        TaskQueue: started.TaskQueue?.Name is { Length: > 0 } queue ? queue : details.TaskQueue,
        TaskTimeout: started.WorkflowTaskTimeout?.ToTimeSpan() ?? TimeSpan.FromSeconds(10),
        WorkflowId: workflowId,
        WorkflowStartTime: startTime,
        WorkflowType: started.WorkflowType.Name);

    private static string? Optional(string value) => value.Length == 0 ? null : value;

    private static TimeSpan? Optional(Duration? value) => value is null || value.ToTimeSpan() == TimeSpan.Zero ? null : value.ToTimeSpan();
}
