using Mainstay.Orchestrator.Execution;
using Mainstay.Orchestrator.Tasks;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Temporalio.Client;
using Temporalio.Exceptions;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Approvals;

/// <summary>Hands a person's decision to the run, which takes each tool call's first decision and no other.</summary>
internal sealed class DecideToolCall(GetTask getTask, ITemporalClient engine)
{
    private const int MostCommentCharacters = 1024;

    public Task ApproveAsync(ApproveToolCallRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        if (request.ArgumentsDigest.Length == 0)
        {
            throw OrchestratorErrors.FieldInvalid(("arguments_digest", "must be the arguments_digest of the pending approval that was shown"));
        }

        CheckLength("comment", request.Comment);
        return DecideAsync(
            request.TaskId, new ToolCallDecision(request.ToolCallId, true, request.ArgumentsDigest, caller.Principal, request.Comment), caller, cancellationToken);
    }

    public Task RejectAsync(RejectToolCallRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        CheckLength("reason", request.Reason);
        return DecideAsync(request.TaskId, new ToolCallDecision(request.ToolCallId, false, "", caller.Principal, request.Reason), caller, cancellationToken);
    }

    private async Task DecideAsync(string taskId, ToolCallDecision decision, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!caller.HasScope(TaskScopes.Approve))
        {
            throw OrchestratorErrors.ScopeMissing(TaskScopes.Approve);
        }

        var task = await getTask.ExecuteAsync(taskId, caller, cancellationToken);
        if (task.EndTime is not null)
        {
            throw OrchestratorErrors.TaskClosed(taskId);
        }

        try
        {
            await EngineFailures.TranslateAsync(taskId, () => engine.GetWorkflowHandle<AgentExecutionWorkflow>(taskId).ExecuteUpdateAsync(
                workflow => workflow.DecideAsync(decision),
                new WorkflowUpdateOptions { Rpc = new RpcOptions { CancellationToken = cancellationToken } }));
        }
        catch (WorkflowUpdateFailedException e) when (e.InnerException is ApplicationFailureException { ErrorType: ToolCallDecision.NotPending })
        {
            throw OrchestratorErrors.ApprovalNotPending(decision.ToolCallId);
        }
        catch (WorkflowUpdateFailedException e) when (e.InnerException is ApplicationFailureException { ErrorType: ToolCallDecision.ArgumentsChanged })
        {
            throw OrchestratorErrors.ArgumentsChanged(decision.ToolCallId);
        }
    }

    private static void CheckLength(string field, string text)
    {
        if (text.Length > MostCommentCharacters)
        {
            throw OrchestratorErrors.FieldInvalid((field, $"must be at most {MostCommentCharacters} characters"));
        }
    }
}
