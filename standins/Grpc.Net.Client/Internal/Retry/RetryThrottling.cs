using Grpc.Net.Client.Configuration;

namespace Grpc.Net.Client.Internal.Retry;

/// <summary>Counts a channel's failures against its successes.</summary>
internal sealed class RetryThrottling
{
    private readonly Lock gate = new();
    private readonly int maxTokens;
    private readonly double tokenRatio;
    private double tokens;

    private RetryThrottling(int maxTokens, double tokenRatio)
    {
        this.maxTokens = maxTokens;
        this.tokenRatio = tokenRatio;
        tokens = maxTokens;
    }

    /// <summary>Whether retries have to stop.</summary>
    public bool IsActive
    {
        get
        {
            lock (gate)
            {
                return tokens <= maxTokens / 2d;
            }
        }
    }

    public static RetryThrottling? Create(RetryThrottlingPolicy? policy) => policy switch
    {
        null => null,
        { MaxTokens: not > 0 } => throw new InvalidOperationException("Retry throttling policy max tokens must be greater than 0."),
        { TokenRatio: not > 0 } => throw new InvalidOperationException("Retry throttling policy token ratio must be greater than 0."),
        { MaxTokens: { } most, TokenRatio: { } ratio } => new RetryThrottling(most, ratio),
    };

    public void Succeeded()
    {
        lock (gate)
        {
            tokens = Math.Min(maxTokens, tokens + tokenRatio);
        }
    }

    public void Failed()
    {
        lock (gate)
        {
            tokens = Math.Max(0, tokens - 1);
        }
    }
}
