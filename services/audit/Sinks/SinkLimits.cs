namespace Mainstay.Audit.Sinks;

/// <summary>What one delivery may hold.</summary>
/// <param name="MostEvents">The most events.</param>
/// <param name="MostBytes">The most bytes, all events and what stands between them.</param>
/// <param name="MostEventBytes">The most bytes of one event; a larger one is cut.</param>
internal sealed record SinkLimits(int MostEvents, long MostBytes, int MostEventBytes)
{
    /// <summary>Bytes that each event costs beside its own.</summary>
    public int EventOverhead { get; init; }

    /// <summary>How long a delivery may wait for more events to join it.</summary>
    public TimeSpan Gathering { get; init; }

    /// <summary>The longest time between the earliest and the latest event of one delivery.</summary>
    public TimeSpan LongestSpan { get; init; } = TimeSpan.MaxValue;
}
