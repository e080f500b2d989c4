using System.Globalization;
using Grpc.Core;

namespace Grpc.Net.Client.Internal.Retry;

/// <summary>How long one call waits before its next attempt.</summary>
internal sealed class RetryBackoff(RetrySettings settings)
{
    private const string PushbackTrailer = "grpc-retry-pushback-ms";

    private TimeSpan longest = settings.InitialBackoff;

    /// <summary>The wait that the server asks for, else one at random; null when the server wants no retry.</summary>
    public TimeSpan? Next(Metadata trailers)
    {
        if (trailers.GetValue(PushbackTrailer) is { } pushback)
        {
            longest = settings.InitialBackoff;
            return int.TryParse(pushback, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                ? TimeSpan.FromMilliseconds(milliseconds)
                : null;
        }

        var wait = longest * Random.Shared.NextDouble();
        longest = TimeSpan.FromTicks((long)Math.Min(settings.MaxBackoff.Ticks, longest.Ticks * settings.BackoffMultiplier));
        return wait < settings.MaxBackoff ? wait : settings.MaxBackoff;
    }
}
