using Temporalio.Api.Command.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>The commands that close a run.</summary>
internal static class CompletionCommands
{
    public static PendingCommand Complete(Payload? result) => new(
        new()
        {
            CommandType = CommandType.CompleteWorkflowExecution,
            CompleteWorkflowExecutionCommandAttributes = new() { Result = result is null ? null : new() { Payloads_ = { result } } },
        },
        EventType.WorkflowExecutionCompleted,
        "CompleteWorkflowExecution");

    public static PendingCommand Fail(Failure failure) => new(
        new() { CommandType = CommandType.FailWorkflowExecution, FailWorkflowExecutionCommandAttributes = new() { Failure = failure } },
        EventType.WorkflowExecutionFailed,
        "FailWorkflowExecution");

    public static PendingCommand Cancel() => new(
        new() { CommandType = CommandType.CancelWorkflowExecution, CancelWorkflowExecutionCommandAttributes = new() },
        EventType.WorkflowExecutionCanceled,
        "CancelWorkflowExecution");

    public static PendingCommand ContinueAsNew(ContinueAsNewException exception, WorkflowInfo info, IPayloadConverter converter)
    {
        var (workflow, args, options, headers) = exception.Input;
        var attributes = new ContinueAsNewWorkflowExecutionCommandAttributes
        {
            WorkflowType = new() { Name = workflow },
            TaskQueue = new() { Name = options?.TaskQueue ?? info.TaskQueue },
            Input = args.Count == 0 ? null : new Payloads { Payloads_ = { converter.ToPayloads(args) } },
            WorkflowRunTimeout = Optional(options?.RunTimeout ?? info.RunTimeout),
            WorkflowTaskTimeout = Optional(options?.TaskTimeout ?? info.TaskTimeout),
            BackoffStartInterval = Optional(options?.BackoffStartInterval),
            RetryPolicy = (options?.RetryPolicy ?? info.RetryPolicy)?.ToProto(),
            SearchAttributes = options?.TypedSearchAttributes?.ToProto(),
            Header = Client.Requests.Header(headers),
#pragma warning disable CS0612 // Deprecated, and still what the official SDKs send.
            InheritBuildId = (options?.TaskQueue ?? info.TaskQueue) == info.TaskQueue,
#pragma warning restore CS0612
        };
        if (options?.Memo is { } memo)
        {
            attributes.Memo = new();
            foreach (var (key, value) in memo)
            {
                attributes.Memo.Fields.Add(key, converter.ToPayload(value));
            }
        }

        return new(
            new() { CommandType = CommandType.ContinueAsNewWorkflowExecution, ContinueAsNewWorkflowExecutionCommandAttributes = attributes },
            EventType.WorkflowExecutionContinuedAsNew,
            $"ContinueAsNewWorkflowExecution({workflow})");
    }

    private static Duration? Optional(TimeSpan? time) => time is { } value && value > TimeSpan.Zero ? Duration.FromTimeSpan(value) : null;
}
