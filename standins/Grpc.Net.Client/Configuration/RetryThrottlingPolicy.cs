namespace Grpc.Net.Client.Configuration;

/// <summary>Stops retries while a channel's tokens are at half or below: each failure takes one, each success gives a part back.</summary>
public sealed class RetryThrottlingPolicy
{
    /// <summary>How many tokens the channel starts with, and has at most.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>How many tokens a success gives back.</summary>
    public double? TokenRatio { get; set; }
}
