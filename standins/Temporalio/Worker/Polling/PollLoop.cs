using Temporalio.Client;

namespace Temporalio.Worker.Polling;

/// <summary>Polls for tasks as long as there are free slots, and hands each task over.</summary>
internal sealed partial class PollLoop<TTask>(WorkerContext context, string kind, SemaphoreSlim slots, Func<RpcOptions, Task<TTask?>> poll, Func<TTask, Task> handle)
    where TTask : class
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly HashSet<Task> running = [];
    private readonly Lock gate = new();

    /// <summary>Runs a number of polls at once until the token fires, then waits for the tasks that run.</summary>
    public async Task RunAsync(int polls, CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, polls).Select(_ => Task.Run(() => PollAsync(stop), CancellationToken.None))).ConfigureAwait(false);
        await Task.WhenAll(Running()).ConfigureAwait(false);
    }

    private Task[] Running()
    {
        lock (gate)
        {
            return [.. running];
        }
    }

    private async Task PollAsync(CancellationToken stop)
    {
        var wait = FirstWait;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await slots.WaitAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var handedOver = false;
            try
            {
                var task = await poll(new() { Timeout = PollTimeout, CancellationToken = stop }).ConfigureAwait(false);
                wait = FirstWait;
                if (task is not null)
                {
                    Start(task);
                    handedOver = true;
                }
            }
            catch (Exception e) when (stop.IsCancellationRequested || e is RpcException { Code: RpcException.StatusCode.DeadlineExceeded })
            {
                // A long poll that ran out, or was called off: nothing is lost.
            }
            catch (Exception e)
            {
                Log.PollFailed(context.Logger, kind, e);
                await Task.WhenAny(Task.Delay(wait, CancellationToken.None), stop.WhenCancelledAsync()).ConfigureAwait(false);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
            finally
            {
                if (!handedOver)
                {
                    slots.Release();
                }
            }
        }
    }

    private void Start(TTask task)
    {
        var work = Task.Run(async () =>
        {
            try
            {
                await handle(task).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Log.TaskFailed(context.Logger, kind, e);
            }
            finally
            {
                slots.Release();
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

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Polling for {Kind} tasks failed, will poll again")]
        public static partial void PollFailed(ILogger logger, string kind, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "Handling a {Kind} task failed")]
        public static partial void TaskFailed(ILogger logger, string kind, Exception exception);
    }
}
