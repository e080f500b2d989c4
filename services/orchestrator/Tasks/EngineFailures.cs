using Grpc.Core;
using EngineException = Temporalio.Exceptions.RpcException;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Says a failure of the engine in the orchestrator's words.</summary>
internal static class EngineFailures
{
    /// <summary>Runs a call of the engine about a task.</summary>
    public static async Task TranslateAsync(string taskId, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (EngineException e) when (e.Code == EngineException.StatusCode.NotFound)
        {
            throw OrchestratorErrors.TaskClosed(taskId);
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The workflow engine does not answer. Retry with backoff."));
        }
    }

    // The first call of a client is the one that connects it, and fails in its own way.
    private static bool IsAway(Exception e) => e switch
    {
        EngineException { Code: EngineException.StatusCode.Unavailable or EngineException.StatusCode.DeadlineExceeded or EngineException.StatusCode.Cancelled } => true,
        InvalidOperationException { InnerException: EngineException } => true,
        _ => false,
    };
}
