namespace Temporalio.Workflows;

/// <summary>A semaphore for workflow code: first come, first served.</summary>
public class Semaphore
{
    private readonly LinkedList<object> waiters = new();

    public Semaphore(int initialCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialCount);
        Max = initialCount;
        CurrentCount = initialCount;
    }

    public int Max { get; init; }

    public int CurrentCount { get; private set; }

    public Task WaitAsync(CancellationToken? cancellationToken = null) => WaitAsync(null, cancellationToken);

    public Task<bool> WaitAsync(int millisecondsTimeout, CancellationToken? cancellationToken = null) =>
        WaitAsync(TimeSpan.FromMilliseconds(millisecondsTimeout), cancellationToken);

    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken? cancellationToken = null) => WaitAsync((TimeSpan?)timeout, cancellationToken);

    public void Release()
    {
        if (CurrentCount >= Max)
        {
            throw new InvalidOperationException("Semaphore already fully released");
        }

        CurrentCount++;
    }

    private async Task<bool> WaitAsync(TimeSpan? timeout, CancellationToken? cancellationToken)
    {
        var me = waiters.AddLast(new object());
        try
        {
            var entered = await Workflow.WaitConditionWithOptionsAsync(new(
                () => CurrentCount > 0 && waiters.First == me,
                timeout,
                timeout is null ? null : "Semaphore.WaitAsync",
                cancellationToken)).ConfigureAwait(true);
            if (entered)
            {
                CurrentCount--;
            }

            return entered;
        }
        finally
        {
            waiters.Remove(me);
        }
    }
}

/// <summary>A mutex for workflow code: first come, first served.</summary>
public class Mutex
{
    private readonly Semaphore semaphore = new(1);

    public Task WaitOneAsync(CancellationToken? cancellationToken = null) => semaphore.WaitAsync(cancellationToken);

    public Task<bool> WaitOneAsync(int millisecondsTimeout, CancellationToken? cancellationToken = null) =>
        semaphore.WaitAsync(millisecondsTimeout, cancellationToken);

    public Task<bool> WaitOneAsync(TimeSpan timeout, CancellationToken? cancellationToken = null) => semaphore.WaitAsync(timeout, cancellationToken);

    public void ReleaseMutex() => semaphore.Release();
}
