using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Decides whether another attempt follows, and how long to wait for it.</summary>
internal static class RetryRules
{
    /// <summary>The retry state, and the wait when it is in progress.</summary>
    public static (RetryState State, Duration? Wait) Next(
        RetryPolicy? policy, int attempt, Failure? failure, TimeoutType timeout, Timestamp now, Timestamp? deadline, bool ownDelay)
    {
        if (policy is null)
        {
            return (RetryState.RetryPolicyNotSet, null);
        }

        if (!Retryable(policy, failure, timeout))
        {
            return (timeout is TimeoutType.ScheduleToStart or TimeoutType.ScheduleToClose ? RetryState.Timeout : RetryState.NonRetryableFailure, null);
        }

        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
        {
            return (RetryState.MaximumAttemptsReached, null);
        }

        var wait = Wait(policy, attempt);
        if (ownDelay && failure?.ApplicationFailureInfo?.NextRetryDelay is { } asked)
        {
            wait = asked.Clone();
            WireTimes.Cap(wait);
        }

        return deadline is not null && now + wait > deadline ? (RetryState.Timeout, null) : (RetryState.InProgress, wait);
    }

    /// <summary>Fills what a retry policy leaves open with the server's defaults.</summary>
    public static RetryPolicy Fill(RetryPolicy? asked)
    {
        var policy = asked?.Clone() ?? new RetryPolicy();
        if (!policy.InitialInterval.IsSet())
        {
            policy.InitialInterval = new Duration { Seconds = 1 };
        }

        if (policy.BackoffCoefficient == 0)
        {
            policy.BackoffCoefficient = 2;
        }

        if (!policy.MaximumInterval.IsSet())
        {
            policy.MaximumInterval = Duration.FromTimeSpan(policy.InitialInterval.ToTimeSpan() * 100);
        }

        return policy;
    }

    private static bool Retryable(RetryPolicy policy, Failure? failure, TimeoutType timeout)
    {
        if (failure is null)
        {
            return timeout is TimeoutType.StartToClose or TimeoutType.Heartbeat;
        }

        return failure.FailureInfoCase switch
        {
            Failure.FailureInfoOneofCase.ApplicationFailureInfo =>
                !failure.ApplicationFailureInfo.NonRetryable && !policy.NonRetryableErrorTypes.Contains(failure.ApplicationFailureInfo.Type),
            Failure.FailureInfoOneofCase.TimeoutFailureInfo =>
                failure.TimeoutFailureInfo.TimeoutType is TimeoutType.StartToClose or TimeoutType.Heartbeat && !policy.NonRetryableErrorTypes.Contains("TemporalTimeout:" + failure.TimeoutFailureInfo.TimeoutType),
            Failure.FailureInfoOneofCase.ServerFailureInfo => !failure.ServerFailureInfo.NonRetryable,
            Failure.FailureInfoOneofCase.TerminatedFailureInfo or Failure.FailureInfoOneofCase.CanceledFailureInfo => false,
            _ => true,
        };
    }

    /// <summary>How long the attempt after a given one waits.</summary>
    public static Duration Wait(RetryPolicy policy, int attempt)
    {
        var most = policy.MaximumInterval.IsSet() ? policy.MaximumInterval.ToTimeSpan().TotalMilliseconds : double.MaxValue;
        var wait = policy.InitialInterval.ToTimeSpan().TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return Duration.FromTimeSpan(TimeSpan.FromMilliseconds(Math.Min(wait, Math.Min(most, TimeSpan.FromDays(365).TotalMilliseconds))));
    }
}
