using System.Text.Json;

namespace Mainstay.Audit.Sinks;

/// <summary>What became of a delivery; each makes the runner do something else.</summary>
internal enum DeliveryOutcome
{
    /// <summary>The other side has every event, or has said for good that it does not want one.</summary>
    Delivered,

    /// <summary>Later may succeed: the same events come again.</summary>
    Retry,

    /// <summary>Too much at once: each half is tried.</summary>
    TooLarge,

    /// <summary>An event is not acceptable: the named ones, or whichever halving finds, go to the dead letters.</summary>
    Refused,

    /// <summary>The configuration must change first: the sink stops until it is resumed or the service starts.</summary>
    Stop,

    /// <summary>The other side wants nothing any more: the sink stays disabled until it is resumed.</summary>
    Gone,
}

/// <summary>An event that the other side will never take, by its place in the delivery.</summary>
internal sealed record RefusedEvent(int Index, string Reason);

/// <summary>What became of a delivery.</summary>
/// <param name="Outcome">What to do next.</param>
/// <param name="Failure">Why, in words that hold no secret; empty when all went well.</param>
internal sealed record Delivery(DeliveryOutcome Outcome, string Failure = "")
{
    /// <summary>Every event has arrived.</summary>
    public static Delivery Complete { get; } = new(DeliveryOutcome.Delivered);

    /// <summary>
    /// What an error makes of a delivery that did not foresee it. Its type says enough to look further; the message might quote an address or a header. What is no
    /// matter of a line or of time comes again with the same events, and may lie in one of them.
    /// </summary>
    public static Delivery FailedBy(Exception exception) => new(DeliveryOutcome.Retry, $"the delivery failed ({exception.GetType().Name})")
    {
        MayBeTheEvent = exception is ArgumentException or FormatException or ArithmeticException or NotSupportedException or JsonException,
    };

    /// <summary>How many events, from the first, have arrived although the delivery failed.</summary>
    public int Taken { get; init; }

    /// <summary>How long the other side wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether the failure may lie in one of the events: it is found by halving and given up when the schedule of retries ends, while any other failure is retried for ever.
    /// </summary>
    public bool MayBeTheEvent { get; init; }

    /// <summary>The events that the other side will never take.</summary>
    public IReadOnlyList<RefusedEvent> Refused { get; init; } = [];
}
