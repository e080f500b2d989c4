namespace Temporalio.Worker;

/// <summary>Changes the options of workers and replayers and surrounds their runs.</summary>
public interface ITemporalWorkerPlugin
{
    string Name { get; }

    /// <summary>Changes the options of a worker that is being made.</summary>
    void ConfigureWorker(TemporalWorkerOptions options);

    /// <summary>Surrounds the run of a worker: what goes on is the continuation.</summary>
    Task<TResult> RunWorkerAsync<TResult>(TemporalWorker worker, Func<TemporalWorker, CancellationToken, Task<TResult>> continuation, CancellationToken stoppingToken);

    /// <summary>Changes the options of a replayer that is being made.</summary>
    void ConfigureReplayer(WorkflowReplayerOptions options);

    /// <summary>Surrounds the replay of several histories.</summary>
    Task<IEnumerable<WorkflowReplayResult>> ReplayWorkflowsAsync(
        WorkflowReplayer replayer, Func<WorkflowReplayer, CancellationToken, Task<IEnumerable<WorkflowReplayResult>>> continuation, CancellationToken cancellationToken);

    /// <summary>Surrounds the replay of histories as they come.</summary>
    IAsyncEnumerable<WorkflowReplayResult> ReplayWorkflowsAsync(
        WorkflowReplayer replayer, Func<WorkflowReplayer, IAsyncEnumerable<WorkflowReplayResult>> continuation, CancellationToken cancellationToken);
}
