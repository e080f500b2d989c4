using System.Runtime.CompilerServices;
using Temporalio.Worker.Execution;

namespace Temporalio.Worker;

/// <summary>Runs workflow code against recorded histories, and says whether it still fits them.</summary>
public class WorkflowReplayer
{
    public WorkflowReplayer(WorkflowReplayerOptions options)
    {
        Options = (WorkflowReplayerOptions)options.Clone();
        foreach (var plugin in Options.Plugins ?? [])
        {
            plugin.ConfigureReplayer(Options);
        }

        if (Options.Workflows.Count == 0)
        {
            throw new ArgumentException("Must have at least one workflow", nameof(options));
        }
    }

    public WorkflowReplayerOptions Options { get; private init; }

    /// <summary>Replays one history.</summary>
    public async Task<WorkflowReplayResult> ReplayWorkflowAsync(WorkflowHistory history, bool throwOnReplayFailure = true, CancellationToken cancellationToken = default)
    {
        var failure = await Task.Run(() => Replay(history), cancellationToken).ConfigureAwait(false);
        return failure is not null && throwOnReplayFailure ? throw failure : new(history, failure);
    }

    /// <summary>Replays histories one after another.</summary>
    public Task<IEnumerable<WorkflowReplayResult>> ReplayWorkflowsAsync(
        IEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure = false, CancellationToken cancellationToken = default)
    {
        Func<WorkflowReplayer, CancellationToken, Task<IEnumerable<WorkflowReplayResult>>> replay = (replayer, token) => replayer.ReplayAllAsync(histories, throwOnReplayFailure, token);
        foreach (var plugin in (Options.Plugins ?? []).Reverse())
        {
            var inner = replay;
            replay = (replayer, token) => plugin.ReplayWorkflowsAsync(replayer, inner, token);
        }

        return replay(this, cancellationToken);
    }

    private async Task<IEnumerable<WorkflowReplayResult>> ReplayAllAsync(IEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure, CancellationToken cancellationToken)
    {
        var results = new List<WorkflowReplayResult>();
        foreach (var history in histories)
        {
            results.Add(await ReplayWorkflowAsync(history, throwOnReplayFailure, cancellationToken).ConfigureAwait(false));
        }

        return results;
    }

    /// <summary>Replays histories as they come.</summary>
    public IAsyncEnumerable<WorkflowReplayResult> ReplayWorkflowsAsync(
        IAsyncEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure = false, CancellationToken cancellationToken = default)
    {
        Func<WorkflowReplayer, IAsyncEnumerable<WorkflowReplayResult>> replay = replayer => replayer.ReplayAllAsync(histories, throwOnReplayFailure, cancellationToken);
        foreach (var plugin in (Options.Plugins ?? []).Reverse())
        {
            var inner = replay;
            replay = replayer => plugin.ReplayWorkflowsAsync(replayer, inner, cancellationToken);
        }

        return replay(this);
    }

    private async IAsyncEnumerable<WorkflowReplayResult> ReplayAllAsync(
        IAsyncEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var history in histories.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return await ReplayWorkflowAsync(history, throwOnReplayFailure, cancellationToken).ConfigureAwait(false);
        }
    }

    private Exception? Replay(WorkflowHistory history)
    {
        var events = history.Events.ToList();
        try
        {
            var started = events[0].WorkflowExecutionStartedEventAttributes ?? throw new ArgumentException("History does not begin with a start");
            var details = new WorkflowRunDetails(
                Options.Namespace,
                Options.TaskQueue,
                new WorkflowDefinitions(Options.Workflows).Find(started.WorkflowType.Name),
                Options.DataConverter.PayloadConverter,
                Options.DataConverter.FailureConverter,
                [.. Options.Interceptors ?? []],
                Options.WorkflowFailureExceptionTypes ?? [],
                Options.LoggerFactory,
                Runtime.Metrics.SilentMeter.Instance);
            var run = new WorkflowRun(details, events[0], history.Id, started.OriginalExecutionRunId);
            foreach (var stretch in HistoryCutter.Cut(events, 0))
            {
                run.Activate(stretch);
            }

            return run.TaskFailure;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}

/// <summary>What became of one replay.</summary>
public record WorkflowReplayResult(WorkflowHistory History, Exception? ReplayFailure);
