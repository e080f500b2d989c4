using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;

namespace Temporalio.Client;

/// <summary>Builds and sends start requests.</summary>
internal static class WorkflowStarts
{
    public static async Task<WorkflowHandle<TWorkflow, TResult>> StartAsync<TWorkflow, TResult>(TemporalClient client, StartWorkflowInput input)
    {
        var start = await RequestAsync(client, input.Workflow, input.Args, input.Options, input.Headers).ConfigureAwait(false);
        try
        {
            var runId = input.Options.StartSignal is null
                ? (await client.WorkflowService.StartWorkflowExecutionAsync(start, Requests.Retried(input.Options.Rpc)).ConfigureAwait(false)).RunId
                : await SignalWithStartAsync(client, start, input).ConfigureAwait(false);

            // The result is that of the started run, but signals and queries go to whichever run is current.
            return new(client, start.WorkflowId, null, runId, input.Options.StartSignal is null ? runId : null);
        }
        catch (RpcException e) when (AlreadyStarted(e, start.WorkflowId, input.Workflow) is { } already)
        {
            throw already;
        }
    }

    public static WorkflowAlreadyStartedException? AlreadyStarted(RpcException e, string workflowId, string workflowType) =>
        e.Code == RpcException.StatusCode.AlreadyExists && e.Detail<Api.ErrorDetails.V1.WorkflowExecutionAlreadyStartedFailure>() is { } failure
            ? new(e.Message, workflowId, workflowType, failure.RunId)
            : null;

    public static async Task<StartWorkflowExecutionRequest> RequestAsync(
        TemporalClient client, string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options, IDictionary<string, Payload>? headers)
    {
        var converter = client.Options.DataConverter;
        var request = new StartWorkflowExecutionRequest
        {
            Namespace = client.Options.Namespace,
            WorkflowId = options.Id ?? throw new ArgumentException("ID required to start workflow"),
            WorkflowType = new() { Name = workflow },
            TaskQueue = new() { Name = options.TaskQueue ?? throw new ArgumentException("Task queue required to start workflow") },
            Input = await Requests.PayloadsAsync(converter, args).ConfigureAwait(false),
            WorkflowExecutionTimeout = options.ExecutionTimeout is { } execution ? Duration.FromTimeSpan(execution) : null,
            WorkflowRunTimeout = options.RunTimeout is { } run ? Duration.FromTimeSpan(run) : null,
            WorkflowTaskTimeout = options.TaskTimeout is { } task ? Duration.FromTimeSpan(task) : null,
            Identity = client.Connection.Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}",
            RequestId = Guid.NewGuid().ToString(),
            WorkflowIdReusePolicy = options.IdReusePolicy,
            WorkflowIdConflictPolicy = options.IdConflictPolicy,
            RetryPolicy = options.RetryPolicy?.ToProto(),
            CronSchedule = options.CronSchedule ?? string.Empty,
            Memo = await Requests.MemoAsync(converter, options.Memo).ConfigureAwait(false),
            SearchAttributes = options.TypedSearchAttributes?.ToProto(),
            WorkflowStartDelay = options.StartDelay is { } delay ? Duration.FromTimeSpan(delay) : null,
            Header = Requests.Header(headers),
            Priority = options.Priority?.ToProto(),
        };
        if (options.StaticSummary is not null || options.StaticDetails is not null)
        {
            request.UserMetadata = new()
            {
                Summary = options.StaticSummary is { } summary ? await converter.ToPayloadAsync(summary).ConfigureAwait(false) : null,
                Details = options.StaticDetails is { } details ? await converter.ToPayloadAsync(details).ConfigureAwait(false) : null,
            };
        }

        return request;
    }

    private static async Task<string> SignalWithStartAsync(TemporalClient client, StartWorkflowExecutionRequest start, StartWorkflowInput input)
    {
        var request = new SignalWithStartWorkflowExecutionRequest
        {
            Namespace = start.Namespace,
            WorkflowId = start.WorkflowId,
            WorkflowType = start.WorkflowType,
            TaskQueue = start.TaskQueue,
            Input = start.Input,
            WorkflowExecutionTimeout = start.WorkflowExecutionTimeout,
            WorkflowRunTimeout = start.WorkflowRunTimeout,
            WorkflowTaskTimeout = start.WorkflowTaskTimeout,
            Identity = start.Identity,
            RequestId = start.RequestId,
            WorkflowIdReusePolicy = start.WorkflowIdReusePolicy,
            WorkflowIdConflictPolicy = start.WorkflowIdConflictPolicy,
            SignalName = input.Options.StartSignal!,
            SignalInput = await Requests.PayloadsAsync(client.Options.DataConverter, input.Options.StartSignalArgs ?? []).ConfigureAwait(false),
            RetryPolicy = start.RetryPolicy,
            CronSchedule = start.CronSchedule,
            Memo = start.Memo,
            SearchAttributes = start.SearchAttributes,
            Header = start.Header,
            WorkflowStartDelay = start.WorkflowStartDelay,
            UserMetadata = start.UserMetadata,
            Priority = start.Priority,
        };
        return (await client.WorkflowService.SignalWithStartWorkflowExecutionAsync(request, Requests.Retried(input.Options.Rpc)).ConfigureAwait(false)).RunId;
    }
}
