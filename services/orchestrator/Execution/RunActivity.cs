using Temporalio.Common;
using Temporalio.Workflows;

namespace Mainstay.Orchestrator.Execution;

/// <summary>How long activities may take, and how often they are tried.</summary>
internal static class RunActivity
{
    // An orchestrator that was killed is missed after two of its activities' heartbeats.
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(10);

    private const int UsualModelRetries = 5;

    /// <summary>For what only reads and writes: tried until it is done.</summary>
    public static ActivityOptions Short => new()
    {
        StartToCloseTimeout = TimeSpan.FromSeconds(60),
        HeartbeatTimeout = HeartbeatTimeout,
        RetryPolicy = new RetryPolicy { InitialInterval = TimeSpan.FromMilliseconds(200), BackoffCoefficient = 2, MaximumInterval = TimeSpan.FromSeconds(30) },
    };

    /// <summary>For what must happen even when the run is cancelled.</summary>
    public static ActivityOptions Uncancellable
    {
        get
        {
            var options = Short;
            options.CancellationToken = CancellationToken.None;
            return options;
        }
    }

    /// <summary>For calls of a model; a try that was cut short counts as one of its tries.</summary>
    public static ActivityOptions Model(RunPlan plan) => new()
    {
        StartToCloseTimeout = TimeSpan.FromSeconds(120),
        HeartbeatTimeout = HeartbeatTimeout,
        RetryPolicy = new RetryPolicy
        {
            InitialInterval = TimeSpan.FromSeconds(1),
            BackoffCoefficient = 2,
            MaximumInterval = TimeSpan.FromMinutes(1),
            MaximumAttempts = 1 + (plan.MaxModelRetries ?? UsualModelRetries),
        },
    };

    /// <summary>For calls of a tool; the gateway's idempotency keeps a retried call from being made twice.</summary>
    public static ActivityOptions Tool => new()
    {
        StartToCloseTimeout = TimeSpan.FromMinutes(5),
        HeartbeatTimeout = HeartbeatTimeout,
        RetryPolicy = new RetryPolicy { InitialInterval = TimeSpan.FromSeconds(1), BackoffCoefficient = 2, MaximumInterval = TimeSpan.FromMinutes(1), MaximumAttempts = 6 },
    };
}
