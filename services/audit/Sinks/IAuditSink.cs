using Mainstay.Audit.Search;

namespace Mainstay.Audit.Sinks;

/// <summary>A place outside that receives the trail.</summary>
internal interface IAuditSink
{
    /// <summary>The name in the configuration; the sink's place in the trail is kept under it.</summary>
    string Name { get; }

    /// <summary>The most events that one delivery may hold.</summary>
    int MostEvents { get; }

    /// <summary>How long to wait after a failed delivery.</summary>
    Backoff Backoff { get; }

    /// <summary>Delivers events in the order of the chain; an event may come again after a failure.</summary>
    Task<Delivery> DeliverAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken);
}

/// <summary>A kind of sink: one folder here, one line in the list of capabilities.</summary>
internal interface ISinkType
{
    /// <summary>The <c>type</c> in the configuration.</summary>
    string Type { get; }

    /// <summary>Checks a sink's settings and says how it is made.</summary>
    Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings);
}

/// <summary>What became of a delivery.</summary>
/// <param name="Delivered">How many events, from the first, have arrived.</param>
/// <param name="Failure">Why the others have not; empty when all have.</param>
/// <param name="RetryAfter">How long the other side wants to be left alone.</param>
/// <param name="IsFinal">Whether the other side wants nothing any more.</param>
internal sealed record Delivery(int Delivered, string Failure = "", TimeSpan? RetryAfter = null, bool IsFinal = false);
