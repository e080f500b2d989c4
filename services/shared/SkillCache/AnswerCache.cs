using System.Collections.Concurrent;
using Grpc.Core;

namespace Mainstay.SkillCache;

/// <summary>Keeps answers for a time, asks once for all who want the same, and falls back on the last answer while the registry is away.</summary>
internal sealed class AnswerCache<T>(TimeProvider clock, int mostAnswers, TimeSpan fresh)
    where T : class
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // With an answer to fall back on, nobody waits long for a better one.
    private static readonly TimeSpan RefreshDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<AnswerKey, Slot> slots = new();

    /// <summary>The answer kept or asked for; only what <paramref name="mayKeep"/> lets pass is kept.</summary>
    public async Task<Answer<T>> GetAsync(
        AnswerKey key, Func<DateTime, CancellationToken, Task<T>> ask, Func<T, bool> mayKeep, CancellationToken cancellationToken)
    {
        var slot = slots.GetOrAdd(key, _ => new Slot());
        slot.UseTime = clock.GetUtcNow();
        if (slot.Kept is { } kept && IsCurrent(kept))
        {
            return new Answer<T>(kept.Value, kept.RetryTime is not null);
        }

        await slot.Turn.WaitAsync(cancellationToken);
        try
        {
            return slot.Kept is { } refreshed && IsCurrent(refreshed)
                ? new Answer<T>(refreshed.Value, refreshed.RetryTime is not null)
                : await AskAsync(slot, ask, mayKeep, cancellationToken);
        }
        finally
        {
            slot.Turn.Release();
            Forget();
        }
    }

    private async Task<Answer<T>> AskAsync(Slot slot, Func<DateTime, CancellationToken, Task<T>> ask, Func<T, bool> mayKeep, CancellationToken cancellationToken)
    {
        var last = slot.Kept;
        try
        {
            var now = clock.GetUtcNow();
            var value = await ask((now + (last is null ? Deadline : RefreshDeadline)).UtcDateTime, cancellationToken);
            slot.Kept = mayKeep(value) ? new Kept(value, now, null) : null;
            return new Answer<T>(value, IsStale: false);
        }
        catch (RpcException exception) when (last is not null && IsAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            slot.Kept = last with { RetryTime = clock.GetUtcNow() + Pause };
            return new Answer<T>(last.Value, IsStale: true);
        }
        catch (RpcException exception) when (!IsAway(exception))
        {
            slot.Kept = null;
            throw;
        }
    }

    private bool IsCurrent(Kept kept) =>
        fresh == Timeout.InfiniteTimeSpan || clock.GetUtcNow() < (kept.RetryTime ?? kept.AnswerTime + fresh);

    private static bool IsAway(RpcException exception) =>
        exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.ResourceExhausted or StatusCode.Cancelled;

    // A tenth at a time, those first that were not used for longest.
    private void Forget()
    {
        if (slots.Count > mostAnswers)
        {
            foreach (var (key, _) in slots.OrderBy(slot => slot.Value.UseTime).Take(mostAnswers / 10))
            {
                slots.TryRemove(key, out _);
            }
        }
    }

    private sealed class Slot
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public Kept? Kept { get; set; }

        public DateTimeOffset UseTime { get; set; }
    }

    private sealed record Kept(T Value, DateTimeOffset AnswerTime, DateTimeOffset? RetryTime);
}
