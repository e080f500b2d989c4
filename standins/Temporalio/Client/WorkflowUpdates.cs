using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;

namespace Temporalio.Client;

/// <summary>Sends updates and waits for what becomes of them.</summary>
internal static class WorkflowUpdates
{
    public static async Task<WorkflowUpdateHandle<TResult>> StartAsync<TResult>(TemporalClient client, StartWorkflowUpdateInput input)
    {
        var request = await RequestAsync(client, input.Id, input.RunId, input.Update, input.Args, input.Options.Id, input.Options.WaitForStage, input.Headers).ConfigureAwait(false);
        request.FirstExecutionRunId = input.FirstExecutionRunId ?? string.Empty;
        var response = await UntilAcceptedAsync(
            request, () => client.WorkflowService.UpdateWorkflowExecutionAsync(request, Requests.Retried(input.Options.Rpc))).ConfigureAwait(false);
        return await HandleAsync<TResult>(client, request, response, input.Options.WaitForStage, input.Options.Rpc).ConfigureAwait(false);
    }

    public static async Task<WorkflowUpdateHandle<TResult>> StartWithStartAsync<TResult>(TemporalClient client, StartUpdateWithStartWorkflowInput input)
    {
        var operation = input.Options.StartWorkflowOperation ?? throw new ArgumentException("Start workflow operation required");
        if (operation.Options.IdConflictPolicy == WorkflowIdConflictPolicy.Unspecified)
        {
            throw new ArgumentException("Workflow ID conflict policy required for update with start");
        }

        try
        {
            var start = await WorkflowStarts.RequestAsync(client, operation.Workflow, operation.Args, operation.Options, operation.Headers).ConfigureAwait(false);
            var update = await RequestAsync(client, start.WorkflowId, null, input.Update, input.Args, input.Options.Id, input.Options.WaitForStage, input.Headers).ConfigureAwait(false);
            var request = new ExecuteMultiOperationRequest { Namespace = client.Options.Namespace };
            request.Operations.Add(new ExecuteMultiOperationRequest.Types.Operation { StartWorkflow = start });
            request.Operations.Add(new ExecuteMultiOperationRequest.Types.Operation { UpdateWorkflow = update });
            var response = await UntilAcceptedAsync(update, async () =>
            {
                var both = await TogetherAsync(client, request, operation.Workflow, input.Options.Rpc).ConfigureAwait(false);
                operation.Started(client, start.WorkflowId, both.Responses[0].StartWorkflow.RunId);
                return both.Responses[1].UpdateWorkflow;
            }).ConfigureAwait(false);
            return await HandleAsync<TResult>(client, update, response, input.Options.WaitForStage, input.Options.Rpc).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            operation.Failed(e);
            throw;
        }
    }

    private static async Task<ExecuteMultiOperationResponse> TogetherAsync(TemporalClient client, ExecuteMultiOperationRequest request, string workflow, RpcOptions? rpcOptions)
    {
        try
        {
            return await client.WorkflowService.ExecuteMultiOperationAsync(request, Requests.Retried(rpcOptions)).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            var cause = e.Cause();
            throw WorkflowStarts.AlreadyStarted(cause, request.Operations[0].StartWorkflow.WorkflowId, workflow) ?? (Exception)cause;
        }
    }

    /// <summary>Waits until the update is completed; the server gives up each long poll after a while.</summary>
    public static async Task<Outcome> PollAsync(WorkflowUpdateHandle handle, RpcOptions? rpcOptions)
    {
        var request = new PollWorkflowExecutionUpdateRequest
        {
            Namespace = handle.Client.Options.Namespace,
            UpdateRef = new() { UpdateId = handle.Id, WorkflowExecution = Requests.Execution(handle.WorkflowId, handle.WorkflowRunId) },
            Identity = handle.Client.Connection.Options.Identity ?? string.Empty,
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
        };
        while (true)
        {
            try
            {
                var response = await handle.Client.WorkflowService.PollWorkflowExecutionUpdateAsync(request, Requests.Retried(rpcOptions)).ConfigureAwait(false);
                if (response.Outcome is { } outcome)
                {
                    return outcome;
                }
            }
            catch (RpcException e) when (e.Code is RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled)
            {
                throw new WorkflowUpdateRpcTimeoutOrCanceledException(e);
            }
        }
    }

    private static async Task<UpdateWorkflowExecutionRequest> RequestAsync(
        TemporalClient client, string id, string? runId, string update, IReadOnlyCollection<object?> args, string? updateId, WorkflowUpdateStage stage, IDictionary<string, Payload>? headers)
    {
        if (stage is WorkflowUpdateStage.None or WorkflowUpdateStage.Admitted)
        {
            throw new ArgumentException($"WaitForStage must be Accepted or Completed, not {stage}");
        }

        return new()
        {
            Namespace = client.Options.Namespace,
            WorkflowExecution = Requests.Execution(id, runId),
            Request = new()
            {
                Meta = new() { UpdateId = updateId ?? Guid.NewGuid().ToString(), Identity = client.Connection.Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}" },
                Input = new() { Name = update, Args = await Requests.PayloadsAsync(client.Options.DataConverter, args).ConfigureAwait(false), Header = Requests.Header(headers) },
            },
            WaitPolicy = new() { LifecycleStage = (UpdateWorkflowExecutionLifecycleStage)stage },
        };
    }

    private static async Task<UpdateWorkflowExecutionResponse> UntilAcceptedAsync(UpdateWorkflowExecutionRequest request, Func<Task<UpdateWorkflowExecutionResponse>> send)
    {
        while (true)
        {
            try
            {
                // Without a worker the server answers after a while with a lower stage; the request id makes asking again harmless.
                var response = await send().ConfigureAwait(false);
                if (response.Stage >= UpdateWorkflowExecutionLifecycleStage.Accepted || response.Outcome is not null)
                {
                    return response;
                }
            }
            catch (RpcException e) when (e.Code is RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled)
            {
                throw new WorkflowUpdateRpcTimeoutOrCanceledException(e);
            }
        }
    }

    private static async Task<WorkflowUpdateHandle<TResult>> HandleAsync<TResult>(
        TemporalClient client, UpdateWorkflowExecutionRequest request, UpdateWorkflowExecutionResponse response, WorkflowUpdateStage stage, RpcOptions? rpcOptions)
    {
        var execution = response.UpdateRef?.WorkflowExecution;
        var handle = new WorkflowUpdateHandle<TResult>(
            client, request.Request.Meta.UpdateId, request.WorkflowExecution.WorkflowId, execution is { RunId.Length: > 0 } ? execution.RunId : request.WorkflowExecution.RunId)
        {
            KnownOutcome = response.Outcome,
        };
        return handle.KnownOutcome is null && stage == WorkflowUpdateStage.Completed
            ? handle with { KnownOutcome = await PollAsync(handle, rpcOptions).ConfigureAwait(false) }
            : handle;
    }
}
