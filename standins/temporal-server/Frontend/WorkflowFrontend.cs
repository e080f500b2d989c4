using System.Collections.Concurrent;
using Google.Protobuf;
using Mainstay.TemporalServer.Batches;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Matching;
using Mainstay.TemporalServer.Schedules;
using Mainstay.TemporalServer.Storage;
using Mainstay.TemporalServer.Timers;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Temporal's WorkflowService: validates, finds the run, hands over, answers.</summary>
internal sealed partial class WorkflowFrontend(
    RunHost host, RunStarts starts, RunResets resets, ScheduleHost schedules, BatchHost batches, Store store, TaskQueues queues, Namespaces namespaces, SearchAttributeCatalog attributes, QueryBoard board, WorkerRegistry workers, OpenWork work, WorkflowClock clock, TimeProvider machine)
    : WorkflowService.WorkflowServiceBase
{
    private async Task<Run> FindAsync(string @namespace, WorkflowExecution? execution, bool open = false)
    {
        namespaces.Require(@namespace);
        if (execution is null)
        {
            throw ApiErrors.Invalid("Execution is not set on request.");
        }

        if (execution.WorkflowId.Length == 0)
        {
            throw ApiErrors.Invalid("WorkflowId is not set on request.");
        }

        if (execution.RunId.Length > 0 && !Guid.TryParseExact(execution.RunId, "D", out _))
        {
            throw ApiErrors.Invalid("Invalid RunId.");
        }

        var run = await host.FindAsync(@namespace, execution.WorkflowId, execution.RunId)
            ?? throw (execution.RunId.Length > 0 ? ApiErrors.NoRun(execution.WorkflowId, execution.RunId) : ApiErrors.NoWorkflow(execution.WorkflowId));
        if (open)
        {
            RequireOpen(run.State);
        }

        return run;
    }

    // Who names the first run of a chain means the run of the chain that is open now, whatever its id.
    private async Task<Run> FindInChainAsync(string @namespace, WorkflowExecution? execution, string firstRunId)
    {
        var named = await FindAsync(@namespace, firstRunId.Length > 0 && execution is not null ? new() { WorkflowId = execution.WorkflowId } : execution);
        return named.State.Status != WorkflowExecutionStatus.Running || IsInChain(named.State, firstRunId) ? named : throw ApiErrors.NotInChain();
    }

    private static bool IsInChain(RunState state, string firstRunId) => firstRunId.Length == 0 || state.Started.FirstExecutionRunId == firstRunId;

    private static void RequireOpen(RunState state)
    {
        if (state.Status != WorkflowExecutionStatus.Running)
        {
            throw ApiErrors.Closed();
        }
    }

    private static TaskToken Token(ByteString token, string @namespace)
    {
        if (token.IsEmpty)
        {
            throw ApiErrors.Invalid("Task token not set on request.");
        }

        try
        {
            var read = TaskToken.Parser.ParseFrom(token);
            return read.RunId.Length == 0 && read.QueryId.Length == 0 ? throw ApiErrors.Invalid("Error deserializing task token.")
                : @namespace.Length > 0 && read.Namespace != @namespace ? throw ApiErrors.Invalid("Operation requested with a token from a different namespace.") : read;
        }
        catch (InvalidProtocolBufferException)
        {
            throw ApiErrors.Invalid("Error deserializing task token.");
        }
    }
}

/// <summary>Queries that workers hold, by the id in their task token.</summary>
internal sealed class QueryBoard
{
    /// <summary>The queries under way.</summary>
    public ConcurrentDictionary<string, PendingQuery> Pending { get; } = new();
}
