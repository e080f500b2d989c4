using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Activities;

/// <summary>Sends heartbeats, the first at once and then the latest once per interval.</summary>
internal sealed class Heartbeats : IDisposable
{
    private readonly WorkerContext context;
    private readonly PollActivityTaskQueueResponse task;
    private readonly Action<ActivityCancelReason, ActivityCancellationDetails> cancel;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim recorded = new(0, 1);
    private readonly TimeSpan interval;
    private readonly Lock gate = new();
    private object?[]? latest;
    private Task? sending;

    public Heartbeats(WorkerContext context, PollActivityTaskQueueResponse task, Action<ActivityCancelReason, ActivityCancellationDetails> cancel)
    {
        this.context = context;
        this.task = task;
        this.cancel = cancel;
        var timeout = task.HeartbeatTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        var wanted = timeout > TimeSpan.Zero ? timeout * 0.8 : context.Options.DefaultHeartbeatThrottleInterval;
        interval = wanted < context.Options.MaxHeartbeatThrottleInterval ? wanted : context.Options.MaxHeartbeatThrottleInterval;
    }

    /// <summary>Details that were held back when the activity ended.</summary>
    public Payloads? Unsent { get; private set; }

    public void Record(object?[] details)
    {
        lock (gate)
        {
            latest = details;
            sending ??= Task.Run(SendAsync);
        }

        if (recorded.CurrentCount == 0)
        {
            recorded.Release();
        }
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        if (sending is { } running)
        {
            await running.ConfigureAwait(false);
        }

        if (latest is { } details)
        {
            Unsent = await Client.Requests.PayloadsAsync(context.Converter, details).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        stop.Dispose();
        recorded.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                await recorded.WaitAsync(stop.Token).ConfigureAwait(false);
                object?[]? details;
                lock (gate)
                {
                    details = latest;
                    latest = null;
                }

                if (details is not null && !await SendOneAsync(details).ConfigureAwait(false))
                {
                    return;
                }

                await Task.Delay(interval, context.Clock, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The activity has ended.
        }
    }

    private async Task<bool> SendOneAsync(object?[] details)
    {
        try
        {
            var request = new RecordActivityTaskHeartbeatRequest
            {
                Namespace = context.Namespace,
                TaskToken = task.TaskToken,
                Identity = context.Identity,
                Details = await Client.Requests.PayloadsAsync(context.Converter, details).ConfigureAwait(false),
            };
            await context.PayloadLimits.CheckAsync(request).ConfigureAwait(false);
            var response = await context.Service.RecordActivityTaskHeartbeatAsync(request, new() { Retry = true, CancellationToken = stop.Token }).ConfigureAwait(false);
            if (response.CancelRequested)
            {
                cancel(ActivityCancelReason.CancelRequested, new() { IsCancelRequested = true });
            }
            else if (response.ActivityPaused)
            {
                cancel(ActivityCancelReason.Paused, new() { IsPaused = true });
            }
            else if (response.ActivityReset)
            {
                cancel(ActivityCancelReason.Reset, new() { IsReset = true });
            }

            return true;
        }
        catch (ApplicationFailureException e) when (e.ErrorType == PayloadLimits.FailureType)
        {
            // The server would end the attempt for it without another one.
            await FailAsync(e).ConfigureAwait(false);
            cancel(ActivityCancelReason.CancelRequested, new() { IsCancelRequested = true });
            return false;
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            cancel(ActivityCancelReason.GoneFromServer, new() { IsGoneFromServer = true });
            return false;
        }
        catch (RpcException)
        {
            // Of the next heartbeat, or of the time-out, the server will decide.
            Keep(details);
            return true;
        }
        catch (OperationCanceledException)
        {
            // The activity ended meanwhile; whether the server has the details is not known.
            Keep(details);
            throw;
        }
        catch (Exception)
        {
            cancel(ActivityCancelReason.HeartbeatRecordFailure, new() { IsHeartbeatRecordFailure = true });
            return false;
        }
    }

    // Should the activity fail, they go with its failure.
    private void Keep(object?[] details)
    {
        lock (gate)
        {
            latest ??= details;
        }
    }

    private async Task FailAsync(ApplicationFailureException cause)
    {
        try
        {
            var failure = await context.Converter.ToFailureAsync(cause).ConfigureAwait(false);
            await context.Service.RespondActivityTaskFailedAsync(
                new() { Namespace = context.Namespace, TaskToken = task.TaskToken, Identity = context.Identity, Failure = failure }, new() { Retry = true }).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            // The time-out of the heartbeat will end the attempt.
        }
    }
}
