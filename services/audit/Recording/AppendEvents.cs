using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Mainstay.Audit.Recording;

/// <summary>Appends events to the trail, each id once, and keeps beside it what is none.</summary>
internal sealed class AppendEvents(NpgsqlDataSource database, AuditPartitions partitions, TimeProvider clock)
{
    /// <summary>Where sinks and followers hear of new entries.</summary>
    public const string Channel = "audit_event";

    // So that whoever comes now does not wait long.
    private const int MostTogether = 4000;

    private readonly CommitEvents commit = new(database, partitions, clock);
    private readonly Lock access = new();
    private readonly Queue<AppendPart> waiting = [];
    private readonly List<Action> untold = [];
    private bool isCommitting;

    /// <summary>Returns once everything is committed: all or nothing. What comes while others' parts are being committed is committed together.</summary>
    public Task<Appended> ExecuteAsync(IReadOnlyList<IncomingEvent> events, IReadOnlyList<DeadLetter> deadLetters, CancellationToken cancellationToken)
    {
        var part = new AppendPart(events, deadLetters);
        lock (access)
        {
            waiting.Enqueue(part);
            if (!isCommitting)
            {
                isCommitting = true;

                // A thread of its own: each step of a commit would wait for its turn behind what the pool has to do for thousands of messages.
                _ = Task.Factory.StartNew(CommitAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }

        return part.Outcome.WaitAsync(cancellationToken);
    }

    private void CommitAll()
    {
        while (NextTogether() is { Count: > 0 } together)
        {
            if (TryCommit(together, out var failure))
            {
                continue;
            }

            if (together.Count == 1)
            {
                together[0].Fail(failure);
                continue;
            }

            // Each for itself now, so that none fails for what another brought.
            foreach (var part in together)
            {
                if (!TryCommit([part], out failure))
                {
                    part.Fail(failure);
                }
            }
        }
    }

    private bool TryCommit(IReadOnlyList<AppendPart> together, [NotNullWhen(false)] out Exception? failure)
    {
        try
        {
            var outcomes = commit.Execute(together, Tell);
            untold.AddRange(together.Zip(outcomes, (part, appended) => (Action)(() => part.Succeed(appended))));
            failure = null;
            return true;
        }
        catch (Exception exception)
        {
            Tell();
            commit.Rest();
            failure = exception;
            return false;
        }
    }

    // Callers hear of a commit once the database is at work on the next: what they do then would take the processor from it.
    private void Tell()
    {
        untold.ForEach(tell => tell());
        untold.Clear();
    }

    private bool IsAnyWaiting()
    {
        lock (access)
        {
            return waiting.Count > 0;
        }
    }

    private List<AppendPart> NextTogether()
    {
        if (!IsAnyWaiting())
        {
            Tell();
        }

        var together = new List<AppendPart>();
        lock (access)
        {
            for (var count = 0; waiting.TryPeek(out var part) && (together.Count == 0 || count + part.Events.Count <= MostTogether); count += part.Events.Count)
            {
                together.Add(waiting.Dequeue());
            }

            if (together.Count == 0)
            {
                commit.Rest();
                isCommitting = false;
            }
        }

        return together;
    }
}
