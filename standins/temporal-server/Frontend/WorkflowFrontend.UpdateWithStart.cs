using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>An update, and the run it is for where there is none yet.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<ExecuteMultiOperationResponse> ExecuteMultiOperation(ExecuteMultiOperationRequest request, ServerCallContext context)
    {
        namespaces.RequireForStart(request.Namespace);
        if (request.Operations is not [{ StartWorkflow: { } start }, { UpdateWorkflow: { } update }])
        {
            throw ApiErrors.Invalid("Operations have to be exactly [Start, Update].");
        }

        Check(request.Namespace, start, update);
        var again = true;
        while (true)
        {
            var (run, started) = await StartOrFindAsync(start, update);
            try
            {
                return Both(run, started, await UpdateAsync(run, update, context.CancellationToken));
            }
            catch (RpcException refusal)
            {
                if (refusal.StatusCode != StatusCode.NotFound || started || !again)
                {
                    throw ApiErrors.Together(null, refusal);
                }

                // The run that was there ended meanwhile: another one may be started.
                again = false;
            }
        }
    }

    private static ExecuteMultiOperationResponse Both(Run run, bool started, UpdateWorkflowExecutionResponse updated) => new()
    {
        Responses =
        {
            new ExecuteMultiOperationResponse.Types.Response
            {
                StartWorkflow = new StartWorkflowExecutionResponse { RunId = run.State.RunId, FirstExecutionRunId = run.State.Started.FirstExecutionRunId, Started = started, Status = run.State.Status },
            },
            new ExecuteMultiOperationResponse.Types.Response { UpdateWorkflow = updated },
        },
    };

    private void Check(string @namespace, StartWorkflowExecutionRequest start, UpdateWorkflowExecutionRequest update)
    {
        start.Namespace = start.Namespace.Length > 0 ? start.Namespace : @namespace;
        update.Namespace = update.Namespace.Length > 0 ? update.Namespace : @namespace;
        var startRefusal = Refusal(() =>
        {
            Require(start.Namespace == @namespace, "Operation namespace did not match request's namespace.");
            StartRules.Check(start, namespaces, attributes);
            Require(start.CronSchedule.Length == 0, "CronSchedule is not allowed.");
            Require(!start.RequestEagerExecution, "RequestEagerExecution is not supported.");
            Require(!start.WorkflowStartDelay.IsSet(), "WorkflowStartDelay is not supported.");
        });
        var updateRefusal = Refusal(() =>
        {
            Require(update.Namespace == @namespace, "Operation namespace did not match request's namespace.");
            Require(update);
            Require(update.FirstExecutionRunId.Length == 0, "FirstExecutionRunId is not allowed.");
            Require(update.WorkflowExecution is null or { RunId.Length: 0 }, "RunId is not allowed.");
            Require(startRefusal is not null || update.WorkflowExecution?.WorkflowId == start.WorkflowId, "WorkflowId is not consistent with previous operation(s).");
        });
        if (startRefusal is not null || updateRefusal is not null)
        {
            throw ApiErrors.Together(startRefusal, updateRefusal);
        }
    }

    // A call repeated after its answer was lost finds its update again, even in a run that has ended since.
    private async Task<(Run Run, bool Started)> StartOrFindAsync(StartWorkflowExecutionRequest start, UpdateWorkflowExecutionRequest update)
    {
        if (await host.FindAsync(start.Namespace, start.WorkflowId, "") is { } there && Knows(there, update.Request.Meta.UpdateId))
        {
            return (there, false);
        }

        try
        {
            return await starts.StartAsync(start, null, update: new PendingUpdate(update.Request));
        }
        catch (RpcException refusal)
        {
            throw ApiErrors.Together(refusal, null);
        }
    }

    private static bool Knows(Run run, string updateId) => run.State.Updates.TryGetValue(updateId, out var update)
        ? update.Outcome is not null || run.State.Status == WorkflowExecutionStatus.Running
        : run.State.Status == WorkflowExecutionStatus.Running && run.Updates.ContainsKey(updateId);

    private static void Require(bool holds, string refusal)
    {
        if (!holds)
        {
            throw ApiErrors.Invalid(refusal);
        }
    }

    private static RpcException? Refusal(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (RpcException refusal)
        {
            return refusal;
        }
    }
}
