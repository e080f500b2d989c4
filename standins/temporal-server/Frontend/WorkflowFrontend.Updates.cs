using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Stage = Temporalio.Api.Enums.V1.UpdateWorkflowExecutionLifecycleStage;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Updates: admitted in memory, accepted and completed by the worker in the history.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<UpdateWorkflowExecutionResponse> UpdateWorkflowExecution(UpdateWorkflowExecutionRequest request, ServerCallContext context)
    {
        while (true)
        {
            var run = await FindAsync(request.Namespace, request.WorkflowExecution);
            try
            {
                return IsInChain(run.State, request.FirstExecutionRunId) ? await UpdateAsync(run, request, context.CancellationToken) : throw ApiErrors.NotInChain();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound && request.WorkflowExecution.RunId.Length == 0 && run.State.SuccessorRunId.Length > 0)
            {
                // The workflow goes on in another run, which has not heard of the update yet.
            }
        }
    }

    /// <inheritdoc/>
    public override async Task<PollWorkflowExecutionUpdateResponse> PollWorkflowExecutionUpdate(PollWorkflowExecutionUpdateRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Namespace, request.UpdateRef?.WorkflowExecution);
        var updateId = request.UpdateRef?.UpdateId ?? "";
        if (!run.Updates.ContainsKey(updateId) && !run.State.Updates.ContainsKey(updateId))
        {
            throw ApiErrors.NotFound($"update \"{updateId}\" not found");
        }

        var (stage, outcome) = await ReachAsync(run, updateId, request.WaitPolicy?.LifecycleStage ?? Stage.Unspecified, context.CancellationToken);
        return new PollWorkflowExecutionUpdateResponse { Stage = stage, Outcome = outcome, UpdateRef = Ref(run.State, updateId) };
    }

    private async Task<UpdateWorkflowExecutionResponse> UpdateAsync(Run run, UpdateWorkflowExecutionRequest request, CancellationToken cancellationToken)
    {
        var updateId = Require(request);
        if (!run.Updates.ContainsKey(updateId) && !run.State.Updates.ContainsKey(updateId))
        {
            RequireOpen(run.State);
            await host.ApplyAsync(run, change =>
            {
                RequireOpen(change.State);
                UpdateRoom.Require(run, change.State, request.Request);
                if (!change.State.Updates.ContainsKey(updateId) && run.Updates.TryAdd(updateId, new PendingUpdate(request.Request)))
                {
                    change.ScheduleSpeculativeTask();
                }

                return true;
            });
        }

        var (stage, outcome) = await ReachAsync(run, updateId, request.WaitPolicy?.LifecycleStage ?? Stage.Accepted, cancellationToken);
        return new UpdateWorkflowExecutionResponse { UpdateRef = Ref(run.State, updateId), Stage = stage, Outcome = outcome };
    }

    private string Require(UpdateWorkflowExecutionRequest request)
    {
        Limits.Check(request.Request?.Input?.Args);
        if (request.WaitPolicy?.LifecycleStage == Stage.Admitted)
        {
            throw ApiErrors.NotAllowed("UpdateWorkflowExecution issued asynchronously and waiting on update admitted is not supported.");
        }

        return request.Request?.Meta is not { } meta || request.Request.Input is not { Name.Length: > 0 } ? throw ApiErrors.Invalid("Update is not set on request.")
            : meta.UpdateId.Length > 0 ? meta.UpdateId
            : meta.UpdateId = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
    }

    private async Task<(Stage Stage, Outcome? Outcome)> ReachAsync(Run run, string updateId, Stage wanted, CancellationToken cancellationToken)
    {
        (Stage Stage, Outcome? Outcome) Now(RunState state)
        {
            if (run.Updates.TryGetValue(updateId, out var pending) && pending.Refusal is { } refusal)
            {
                return (Stage.Completed, new Outcome { Failure = refusal });
            }

            if (!state.Updates.TryGetValue(updateId, out var update) || update.AcceptedEventId == 0)
            {
                return (Stage.Admitted, null);
            }

            if (update.Outcome is null && state.Status != WorkflowExecutionStatus.Running)
            {
                return (Stage.Completed, new Outcome { Failure = CutOff });
            }

            return update.Outcome is null ? (Stage.Accepted, null) : (Stage.Completed, update.Outcome);
        }

        await WaitAsync(run, state => Now(state).Stage >= wanted || state.Status != WorkflowExecutionStatus.Running, cancellationToken);
        var reached = Now(run.State);
        if (reached.Stage == Stage.Admitted && run.State.Status != WorkflowExecutionStatus.Running)
        {
            throw ApiErrors.Closed();
        }

        if (reached.Stage == Stage.Completed && run.State.Updates.ContainsKey(updateId))
        {
            run.Updates.TryRemove(updateId, out _);
        }

        return reached;
    }

    // Refused are those that the worker refuses, and those that it was given and has nothing to say of: it does not know what an update is.
    private static void AnswerUpdates(Run run, RunChange change, RespondWorkflowTaskCompletedRequest request)
    {
        foreach (var (updateId, failure) in change.Rejected)
        {
            if (run.Updates.TryGetValue(updateId, out var refused))
            {
                refused.Refusal = failure;
            }
        }

        if (change.State.Status == WorkflowExecutionStatus.Running && !request.ForceCreateNewWorkflowTask)
        {
            foreach (var (_, unheard) in run.Updates.Where(u => u.Value is { Sent: true, Refusal: null } && !change.State.Updates.ContainsKey(u.Key)))
            {
                unheard.Refusal = Unprocessed;
            }
        }
    }

    private static Failure Unprocessed => new()
    {
        Message = "Workflow Update is rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker.",
        Source = "Server",
        ApplicationFailureInfo = new() { Type = "UnprocessedUpdate", NonRetryable = true },
    };

    private static Failure CutOff => new()
    {
        Message = "Workflow Update failed because the Workflow completed before the Update completed.",
        Source = "Server",
        ApplicationFailureInfo = new() { Type = "AcceptedUpdateCompletedWorkflow", NonRetryable = true },
    };

    private static UpdateRef Ref(RunState state, string updateId) =>
        new() { WorkflowExecution = new() { WorkflowId = state.WorkflowId, RunId = state.RunId }, UpdateId = updateId };
}
