using Grpc.Core;

namespace Grpc.Net.Client.Configuration;

/// <summary>How failed calls are tried again: https://github.com/grpc/proposal/blob/master/A6-client-retries.md.</summary>
public sealed class RetryPolicy
{
    /// <summary>How often a call is tried at most, the first time included; more than one.</summary>
    public int? MaxAttempts { get; set; }

    /// <summary>The longest wait before the first retry; each wait is chosen at random up to its longest.</summary>
    public TimeSpan? InitialBackoff { get; set; }

    /// <summary>What the longest wait never exceeds.</summary>
    public TimeSpan? MaxBackoff { get; set; }

    /// <summary>By what the longest wait grows with each retry.</summary>
    public double? BackoffMultiplier { get; set; }

    /// <summary>The codes with which a call is tried again.</summary>
    public IList<StatusCode> RetryableStatusCodes { get; } = [];
}
