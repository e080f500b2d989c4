using Temporalio.Api.Command.V1;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>Builds the command that starts a child workflow.</summary>
internal static class ChildCommands
{
    public static StartChildWorkflowExecutionCommandAttributes Attributes(StartChildWorkflowInput input, IWorkflowContext run)
    {
        var options = input.Options;
        var attributes = new StartChildWorkflowExecutionCommandAttributes
        {
            WorkflowId = options.Id ?? Workflow.NewGuid().ToString(),
            WorkflowType = new() { Name = input.Workflow },
            TaskQueue = new() { Name = options.TaskQueue ?? run.Info.TaskQueue },
            Input = input.Args.Count == 0 ? null : new Payloads { Payloads_ = { run.PayloadConverter.ToPayloads(input.Args) } },
            WorkflowExecutionTimeout = Time(options.ExecutionTimeout),
            WorkflowRunTimeout = Time(options.RunTimeout),
            WorkflowTaskTimeout = Time(options.TaskTimeout),
            ParentClosePolicy = (Api.Enums.V1.ParentClosePolicy)options.ParentClosePolicy,
            WorkflowIdReusePolicy = options.IdReusePolicy,
            RetryPolicy = options.RetryPolicy?.ToProto(),
            CronSchedule = options.CronSchedule ?? string.Empty,
            Header = Client.Requests.Header(input.Headers),
            SearchAttributes = options.TypedSearchAttributes?.ToProto(),
            Priority = options.Priority?.ToProto(),
#pragma warning disable CS0612 // Deprecated, and still what the official SDKs send.
            InheritBuildId = (options.TaskQueue ?? run.Info.TaskQueue) == run.Info.TaskQueue,
#pragma warning restore CS0612
        };
        if (options.Memo is { } memo)
        {
            attributes.Memo = new();
            foreach (var (key, value) in memo)
            {
                attributes.Memo.Fields.Add(key, run.PayloadConverter.ToPayload(value));
            }
        }

        return attributes;
    }

    public static Api.Sdk.V1.UserMetadata? Metadata(ChildWorkflowOptions options, IPayloadConverter converter) =>
        options.StaticSummary is null && options.StaticDetails is null
            ? null
            : new()
            {
                Summary = options.StaticSummary is { } summary ? converter.ToPayload(summary) : null,
                Details = options.StaticDetails is { } details ? converter.ToPayload(details) : null,
            };

    private static Duration? Time(TimeSpan? time) => time is { } value ? Duration.FromTimeSpan(value) : null;
}
