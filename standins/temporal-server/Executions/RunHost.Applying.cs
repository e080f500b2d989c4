using System.Runtime.ExceptionServices;
using Mainstay.TemporalServer.Storage;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Takes each transition through the store before anyone hears of it.</summary>
internal sealed partial class RunHost
{
    /// <summary>Applies a transition to a run: computed at once, answered when it is committed; one that throws, or returns null or false, changes nothing.</summary>
    public async Task<T> ApplyAsync<T>(Run run, Func<RunChange, T> act)
    {
        using var step = work.Begin();
        T? result = default;
        ExceptionDispatchInfo? refusal = null;
        Task stored;
        lock (run.Gate)
        {
            try
            {
                result = Compute(run, act);
            }
            catch (Exception e)
            {
                refusal = ExceptionDispatchInfo.Capture(e);
            }

            stored = run.Stored;
        }

        try
        {
            // A refusal waits as well: it rests on a state that is not yet stored.
            await stored;
        }
        catch (StoreException e)
        {
            GiveUp(run, e);
            throw;
        }

        refusal?.Throw();
        return result!;
    }

    private T Compute<T>(Run run, Func<RunChange, T> act)
    {
        if (run.Broken)
        {
            throw new StoreException("The run is being read again after a failed commit.", null);
        }

        var change = new RunChange(run.Latest.Clone(), clock.GetUtcNow())
        {
            UpdateRequests = id => run.Updates.GetValueOrDefault(id)?.Request,
            CheckAttributes = asked => attributes.Check(run.State.Namespace, asked),
        };
        var result = act(change);
        if (result is null or false)
        {
            return result;
        }

        change.Finish();
        var next = change.Successor is { } successor ? new Run(successor) : null;
        run.Latest = change.State;
        var write = new PendingWrite(run, change, next, () =>
        {
            Publish(run, change);
            if (next is not null)
            {
                Publish(next, change.Successor!);
            }
        });
        if (next is not null)
        {
            runs.Add(next, write.Stored.Task);
        }

        run.Stored = store.CommitAsync(write);
        return result;
    }

    // Nobody knows whether the commit took place: the store is asked, as soon as it answers.
    private void GiveUp(Run run, Exception cause)
    {
        Log.CommitFailed(logger, run.State.RunId, cause);
        uncertain[run.State.RunId] = true;
        due.Set(run.State.RunId, clock.GetUtcNow() + RetryPause);
    }
}
