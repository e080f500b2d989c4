using Grpc.Core;

namespace Temporalio.Client.Transport;

/// <summary>Decides whether a failed call is repeated, and after which wait.</summary>
internal sealed class RpcAttempts(RpcRetryOptions options, TimeProvider clock)
{
    private readonly long start = clock.GetTimestamp();
    private TimeSpan interval = options.InitialInterval;
    private int retries;

    public TimeSpan? Next(StatusCode code)
    {
        // Codes of the call itself never get better; these say that the server could not answer at this moment.
        if (code is not (StatusCode.DataLoss or StatusCode.Internal or StatusCode.Unknown or StatusCode.ResourceExhausted
            or StatusCode.Aborted or StatusCode.OutOfRange or StatusCode.Unavailable))
        {
            return null;
        }

        if (retries++ >= options.MaxRetries || (options.MaxElapsedTime is { } limit && clock.GetElapsedTime(start) > limit))
        {
            return null;
        }

        var jitter = 1 + (options.RandomizationFactor * ((Random.Shared.NextDouble() * 2) - 1));
        var wait = interval * jitter;
        interval = TimeSpan.FromTicks(Math.Min((interval * options.Multiplier).Ticks, options.MaxInterval.Ticks));
        return wait;
    }
}
