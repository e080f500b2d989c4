using System.Runtime.ExceptionServices;
using Dapper;
using Mainstay.Orchestrator.Engine;
using Mainstay.Orchestrator.Execution;
using Npgsql;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Gives an accepted task to the engine, once however often it is tried: the workflow's id is the task's.</summary>
internal sealed class HandOver(NpgsqlDataSource database, ITemporalClient engine, EngineOptions options)
{
    private const string Mark = """
        update task
        set is_handed_over = true
        where task_id = @TaskId and not is_handed_over
        """;

    public async Task ExecuteAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            await engine.StartWorkflowAsync(
                (AgentExecutionWorkflow workflow) => workflow.RunAsync(new AgentExecutionRequest(null)),
                new WorkflowOptions(taskId, options.TaskQueue)
                {
                    IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate,
                    IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting,
                    Rpc = new RpcOptions { CancellationToken = cancellationToken },
                });
        }
        catch (InvalidOperationException e) when (e.InnerException is RpcException unreachable)
        {
            // The first call of a client is the one that connects it, and fails in its own way.
            ExceptionDispatchInfo.Throw(unreachable);
        }
        catch (WorkflowAlreadyStartedException)
        {
            // It ran and ended already.
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Mark, new { taskId }, cancellationToken: cancellationToken));
    }
}
