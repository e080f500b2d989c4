namespace Temporalio.Common;

/// <summary>How often and how fast something that failed is tried again.</summary>
public record RetryPolicy
{
    /// <summary>Wait before the first retry; one second by default.</summary>
    public TimeSpan InitialInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Factor by which the wait grows; 2 by default.</summary>
    public float BackoffCoefficient { get; set; } = 2.0F;

    /// <summary>Longest wait; 100 times the initial interval when not set.</summary>
    public TimeSpan? MaximumInterval { get; set; }

    /// <summary>Attempts in all; 0, the default, sets no limit.</summary>
    public int MaximumAttempts { get; set; }

    /// <summary>Application error types that are never retried.</summary>
    public IReadOnlyCollection<string>? NonRetryableErrorTypes { get; set; }

    internal static RetryPolicy FromProto(Api.Common.V1.RetryPolicy proto) => new()
    {
        InitialInterval = proto.InitialInterval?.ToTimeSpan() ?? TimeSpan.FromSeconds(1),
        BackoffCoefficient = (float)proto.BackoffCoefficient,
        MaximumInterval = proto.MaximumInterval?.ToTimeSpan(),
        MaximumAttempts = proto.MaximumAttempts,
        NonRetryableErrorTypes = proto.NonRetryableErrorTypes.Count == 0 ? null : [.. proto.NonRetryableErrorTypes],
    };

    internal Api.Common.V1.RetryPolicy ToProto()
    {
        var proto = new Api.Common.V1.RetryPolicy
        {
            InitialInterval = Duration.FromTimeSpan(InitialInterval),
            BackoffCoefficient = BackoffCoefficient,
            MaximumInterval = MaximumInterval is { } interval ? Duration.FromTimeSpan(interval) : null,
            MaximumAttempts = MaximumAttempts,
        };
        proto.NonRetryableErrorTypes.AddRange(NonRetryableErrorTypes ?? []);
        return proto;
    }
}
