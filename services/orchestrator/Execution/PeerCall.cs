using Google.Rpc;
using Grpc.Core;
using Temporalio.Activities;
using Temporalio.Exceptions;
using RpcException = Grpc.Core.RpcException;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Calls another service from an activity: heartbeats while it lasts, ends it when the run is cancelled, and says which failures are for good.</summary>
internal static class PeerCall
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(2);

    /// <summary>The key under which the gateways know this activity however often it is tried.</summary>
    public static string IdempotencyKey
    {
        get
        {
            var info = ActivityExecutionContext.Current.Info;
            return $"{info.WorkflowId}/{info.WorkflowRunId}/{info.ActivityId}";
        }
    }

    /// <summary>Makes a call of a service.</summary>
    public static async Task<T> RunAsync<T>(string service, TimeProvider clock, Func<CancellationToken, Task<T>> call)
    {
        var activity = ActivityExecutionContext.Current;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(activity.CancellationToken);
        var heartbeats = HeartbeatAsync(activity, clock, ended.Token);
        try
        {
            return await call(activity.CancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && activity.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, activity.CancellationToken);
        }
        catch (RpcException e)
        {
            throw Failure(service, e);
        }
        finally
        {
            await ended.CancelAsync();
            await heartbeats;
        }
    }

    private static async Task HeartbeatAsync(ActivityExecutionContext activity, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                activity.Heartbeat();
            }
        }
        catch (OperationCanceledException)
        {
            // The call has ended.
        }
    }

    private static ApplicationFailureException Failure(string service, RpcException e)
    {
        var status = e.GetRpcStatus();
        var reason = status?.GetDetail<ErrorInfo>()?.Type ?? e.StatusCode.ToString();
        return new ApplicationFailureException(
            $"{service}: {e.Status.Detail}",
            errorType: reason,
            nonRetryable: !IsRetryable(e.StatusCode),
            nextRetryDelay: status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan());
    }

    // The rest says that the same call would fail again.
    private static bool IsRetryable(StatusCode code) =>
        code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Aborted or StatusCode.Internal
            or StatusCode.Unknown or StatusCode.Cancelled or StatusCode.Unauthenticated;
}
