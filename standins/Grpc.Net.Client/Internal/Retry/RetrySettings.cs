using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Grpc.Net.Client.Internal.Retry;

/// <summary>A retry policy that has been checked.</summary>
internal sealed record RetrySettings(
    int MaxAttempts, TimeSpan InitialBackoff, TimeSpan MaxBackoff, double BackoffMultiplier, IReadOnlySet<StatusCode> RetryableStatusCodes)
{
    public static RetrySettings Create(RetryPolicy policy, int? mostOfChannel)
    {
        Check(policy.MaxAttempts > 1, "Retry policy max attempts must be greater than 1.");
        Check(policy.InitialBackoff > TimeSpan.Zero, "Retry policy initial backoff must be greater than zero.");
        Check(policy.MaxBackoff > TimeSpan.Zero, "Retry policy maximum backoff must be greater than zero.");
        Check(policy.BackoffMultiplier > 0, "Retry policy backoff multiplier must be greater than 0.");
        Check(policy.RetryableStatusCodes.Count > 0, "Retry policy retryable status codes must be non-empty.");
        return new RetrySettings(
            Math.Min(policy.MaxAttempts!.Value, mostOfChannel ?? int.MaxValue),
            policy.InitialBackoff!.Value,
            policy.MaxBackoff!.Value,
            policy.BackoffMultiplier!.Value,
            policy.RetryableStatusCodes.ToHashSet());
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }
}
