using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>Polls for tasks as long as there are free slots, and hands each task over.</summary>
internal sealed partial class PollLoop<TTask>(WorkerContext context, PollSource<TTask> source, Slots slots, PollerScaler scaler, RateLimit limit)
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly HashSet<Task> running = [];
    private readonly Lock gate = new();
    private int polling;

    /// <summary>Polls until the token fires, then waits for the tasks that run.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, scaler.Most).Select(number => Task.Run(() => PollAsync(number, stop), CancellationToken.None))).ConfigureAwait(false);
        await Task.WhenAll(Running()).ConfigureAwait(false);
    }

    /// <summary>Runs a task that came in another way, in a slot that was given out for it.</summary>
    public void Start(TTask task, SlotInfo info, SlotPermit permit)
    {
        slots.Use(permit, info);
        var work = Task.Run(async () =>
        {
            try
            {
                await source.HandleAsync(task).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Log.TaskFailed(context.Logger, source.Kind, e);
            }
            finally
            {
                slots.Release(permit);
            }
        });
        lock (gate)
        {
            running.Add(work);
        }

        work.ContinueWith(
            done =>
            {
                lock (gate)
                {
                    running.Remove(done);
                }
            },
            TaskScheduler.Default);
    }

    private Task[] Running()
    {
        lock (gate)
        {
            return [.. running];
        }
    }

    private async Task PollAsync(int number, CancellationToken stop)
    {
        var wait = FirstWait;
        while (!stop.IsCancellationRequested)
        {
            SlotPermit permit;
            try
            {
                await scaler.AllowedAsync(number, stop).ConfigureAwait(false);
                permit = await slots.ReserveAsync(source.Sticky, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var handedOver = false;
            try
            {
                await limit.WaitAsync(stop).ConfigureAwait(false);
                var answer = await OnceAsync(stop).ConfigureAwait(false);
                wait = FirstWait;
                var task = source.Task(answer);
                source.Answered(task is not null);
                scaler.Answered(task is not null, source.Advice(answer));
                if (task is not null)
                {
                    Start(answer, task, permit);
                    handedOver = true;
                }
            }
            catch (Exception e) when (stop.IsCancellationRequested || e is RpcException { Code: RpcException.StatusCode.DeadlineExceeded })
            {
                // A long poll that ran out, or was called off: nothing is lost.
            }
            catch (Exception e)
            {
                Log.PollFailed(context.Logger, source.Kind, e);
                await Task.WhenAny(Task.Delay(wait, CancellationToken.None), stop.WhenCancelledAsync()).ConfigureAwait(false);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
            finally
            {
                if (!handedOver)
                {
                    slots.Release(permit);
                }
            }
        }
    }

    private async Task<TTask> OnceAsync(CancellationToken stop)
    {
        ReportPollers(Interlocked.Increment(ref polling));
        try
        {
            return await source.PollAsync(new() { Timeout = PollTimeout, CancellationToken = stop }).ConfigureAwait(false);
        }
        finally
        {
            ReportPollers(Interlocked.Decrement(ref polling));
        }
    }

    private void ReportPollers(int count) => context.Metrics.With("poller_type", source.PollerType).Set("num_pollers", count);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Polling for {Kind} tasks failed, will poll again")]
        public static partial void PollFailed(ILogger logger, string kind, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "Handling a {Kind} task failed")]
        public static partial void TaskFailed(ILogger logger, string kind, Exception exception);
    }
}
