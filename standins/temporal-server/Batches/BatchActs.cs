using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Frontend;
using Temporalio.Api.Batch.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Operation = Temporalio.Api.WorkflowService.V1.StartBatchOperationRequest.OperationOneofCase;

namespace Mainstay.TemporalServer.Batches;

/// <summary>What a batch operation does to one run; a run that is closed or gone has nothing done to it.</summary>
internal sealed class BatchActs(RunHost runs, RunResets resets)
{
    /// <summary>Acts on one run; repetition does no harm.</summary>
    public async Task ActAsync(StartBatchOperationRequest request, string runId)
    {
        if (await runs.GetAnyAsync(runId) is not { } run)
        {
            return;
        }

        switch (request.OperationCase)
        {
            case Operation.DeletionOperation:
                await runs.DeleteAsync(run);
                break;
            case Operation.ResetOperation:
                await ResetAsync(run, request);
                break;
            default:
                await ChangeAsync(run, request);
                break;
        }
    }

    private async Task ChangeAsync(Run run, StartBatchOperationRequest request)
    {
        try
        {
            await runs.ApplyAsync(run, change => change.State.Status == WorkflowExecutionStatus.Running && Act(change, request));
        }
        catch (ActivityOperationException e) when (e.Unknown)
        {
            // The run has no such activity any more.
        }
        catch (ActivityOperationException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }

    private async Task ResetAsync(Run run, StartBatchOperationRequest request)
    {
        var asked = request.ResetOperation;
#pragma warning disable CS0612 // What older clients send.
        var target = asked.Options?.TargetCase ?? (asked.ResetType == ResetType.FirstWorkflowTask ? ResetOptions.TargetOneofCase.FirstWorkflowTask : ResetOptions.TargetOneofCase.LastWorkflowTask);
        var reapply = asked.Options?.ResetReapplyType ?? asked.ResetReapplyType;
#pragma warning restore CS0612
        var finish = target == ResetOptions.TargetOneofCase.WorkflowTaskId ? asked.Options!.WorkflowTaskId
            : await resets.TaskEndAsync(run.State.RunId, last: target == ResetOptions.TargetOneofCase.LastWorkflowTask) ?? throw ApiErrors.Invalid("unable to find any scheduled or completed task");
        await resets.ResetAsync(run, new ResetWorkflowExecutionRequest
        {
            Namespace = request.Namespace,
            WorkflowExecution = new() { WorkflowId = run.State.WorkflowId, RunId = run.State.RunId },
            Reason = request.Reason,
            RequestId = $"batch-{request.JobId}-{run.State.RunId}",
            WorkflowTaskFinishEventId = finish,
            ResetReapplyType = reapply,
            ResetReapplyExcludeTypes = { asked.Options?.ResetReapplyExcludeTypes ?? [] },
            PostResetOperations = { asked.PostResetOperations },
            Identity = asked.Identity,
        });
    }

    private static bool Act(RunChange change, StartBatchOperationRequest request)
    {
        switch (request.OperationCase)
        {
            case Operation.TerminationOperation:
                change.Terminate(request.Reason, request.TerminationOperation.Details, request.TerminationOperation.Identity);
                return true;
            case Operation.CancellationOperation:
                change.RequestCancel(new WorkflowExecutionCancelRequestedEventAttributes { Cause = request.Reason, Identity = request.CancellationOperation.Identity }, request.JobId);
                return true;
            case Operation.SignalOperation:
                change.Signal(new WorkflowExecutionSignaledEventAttributes
                {
                    SignalName = request.SignalOperation.Signal,
                    Input = request.SignalOperation.Input,
                    Header = request.SignalOperation.Header,
                    Identity = request.SignalOperation.Identity,
                    RequestId = $"batch-{request.JobId}",
                });
                return true;
            case Operation.UpdateWorkflowOptionsOperation:
                change.UpdateOptions(request.UpdateWorkflowOptionsOperation.WorkflowExecutionOptions, request.UpdateWorkflowOptionsOperation.Identity);
                return true;
            case Operation.UnpauseActivitiesOperation:
                change.Unpause(Unpause(request.UnpauseActivitiesOperation), Jitter.Within(request.UnpauseActivitiesOperation.Jitter));
                return true;
            case Operation.ResetActivitiesOperation:
                change.Reset(Reset(request.ResetActivitiesOperation), Jitter.Within(request.ResetActivitiesOperation.Jitter));
                return true;
            case Operation.UpdateActivityOptionsOperation:
                change.UpdateOptions(Update(request.UpdateActivityOptionsOperation));
                return true;
            default:
                return false;
        }
    }

    private static UnpauseActivityRequest Unpause(BatchOperationUnpauseActivities asked)
    {
        var unpause = new UnpauseActivityRequest { ResetAttempts = asked.ResetAttempts, ResetHeartbeat = asked.ResetHeartbeat };
        if (asked.MatchAll)
        {
            unpause.UnpauseAll = true;
        }
        else
        {
            unpause.Type = asked.Type;
        }

        return unpause;
    }

    private static ResetActivityRequest Reset(BatchOperationResetActivities asked)
    {
        var reset = new ResetActivityRequest { ResetHeartbeat = asked.ResetHeartbeat, KeepPaused = asked.KeepPaused, RestoreOriginalOptions = asked.RestoreOriginalOptions };
        if (asked.MatchAll)
        {
            reset.MatchAll = true;
        }
        else
        {
            reset.Type = asked.Type;
        }

        return reset;
    }

    private static UpdateActivityOptionsRequest Update(BatchOperationUpdateActivityOptions asked)
    {
        var update = new UpdateActivityOptionsRequest { ActivityOptions = asked.ActivityOptions, UpdateMask = asked.UpdateMask, RestoreOriginal = asked.RestoreOriginal };
        if (asked.MatchAll)
        {
            update.MatchAll = true;
        }
        else
        {
            update.Type = asked.Type;
        }

        return update;
    }
}
