using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Operation = Temporalio.Api.WorkflowService.V1.StartBatchOperationRequest.OperationOneofCase;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>What a batch operation may ask.</summary>
internal static class BatchRules
{
    private const string NoActivity = "Either activity type must be set, or match all should be set to true";

    /// <summary>Refuses an operation that could not be carried out on any run.</summary>
    public static void Check(StartBatchOperationRequest request)
    {
        Require(request.JobId.Length > 0, "JobId is not set on request.");
        Require(request.Reason.Length > 0, "Reason is not set on request.");
        Require((request.VisibilityQuery.Length == 0) != (request.Executions.Count == 0), "batch query and executions are mutually exclusive, and one of them has to be set");
        switch (request.OperationCase)
        {
            case Operation.TerminationOperation or Operation.CancellationOperation or Operation.DeletionOperation:
                break;
            case Operation.SignalOperation:
                Require(request.SignalOperation.Signal.Length > 0, "must provide signal name");
                break;
            case Operation.ResetOperation:
                CheckReset(request);
                break;
            case Operation.UpdateWorkflowOptionsOperation:
                OptionsRules.Check(request.UpdateWorkflowOptionsOperation.WorkflowExecutionOptions, request.UpdateWorkflowOptionsOperation.UpdateMask);
                break;
            case Operation.UnpauseActivitiesOperation:
                Require(request.UnpauseActivitiesOperation is { Type.Length: > 0 } or { MatchAll: true }, NoActivity);
                break;
            case Operation.ResetActivitiesOperation:
                Require(request.ResetActivitiesOperation is { Type.Length: > 0 } or { MatchAll: true }, NoActivity);
                break;
            case Operation.UpdateActivityOptionsOperation:
                var update = request.UpdateActivityOptionsOperation;
                Require(update is { Type.Length: > 0 } or { MatchAll: true }, NoActivity);
                Require(update.ActivityOptions is null || !update.RestoreOriginal, "cannot set both activity options and restore original");
                Require(update.ActivityOptions is not null || update.RestoreOriginal, "Either activity type must be set, or restore original should be set to true");
                break;
            default:
                throw ApiErrors.Invalid($"The operation type {request.OperationCase} is not supported");
        }
    }

    /// <summary>The name of an operation's kind.</summary>
    public static BatchOperationType Kind(Operation operation) => operation switch
    {
        Operation.TerminationOperation => BatchOperationType.Terminate,
        Operation.CancellationOperation => BatchOperationType.Cancel,
        Operation.SignalOperation => BatchOperationType.Signal,
        Operation.ResetOperation => BatchOperationType.Reset,
        Operation.UpdateWorkflowOptionsOperation => BatchOperationType.UpdateExecutionOptions,
        Operation.UnpauseActivitiesOperation => BatchOperationType.UnpauseActivity,
        Operation.ResetActivitiesOperation => BatchOperationType.ResetActivity,
        Operation.UpdateActivityOptionsOperation => BatchOperationType.UpdateActivityOptions,
        _ => BatchOperationType.Delete,
    };

    private static void CheckReset(StartBatchOperationRequest request)
    {
        var reset = request.ResetOperation;
        if (reset.Options is { } options)
        {
            Require(options.TargetCase != ResetOptions.TargetOneofCase.None, "batch reset missing target");
            Require(options.TargetCase != ResetOptions.TargetOneofCase.BuildId, "This server keeps no reset points by build id.");
        }
        else
        {
#pragma warning disable CS0612 // What older clients send.
            Require(reset.ResetType is ResetType.FirstWorkflowTask or ResetType.LastWorkflowTask, $"unknown batch reset type {reset.ResetType}");
#pragma warning restore CS0612
        }

        RunResets.Check(reset.PostResetOperations);
    }

    private static void Require(bool right, string refusal)
    {
        if (!right)
        {
            throw ApiErrors.Invalid(refusal);
        }
    }
}
