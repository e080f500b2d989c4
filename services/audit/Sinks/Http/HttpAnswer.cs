namespace Mainstay.Audit.Sinks.Http;

/// <summary>What a receiver answered.</summary>
/// <param name="Status">The status; 0 when there was no answer.</param>
/// <param name="Body">The body.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone.</param>
/// <param name="Failure">What happened, in words that hold no secret.</param>
internal sealed record HttpAnswer(int Status, byte[] Body, TimeSpan? RetryAfter, string Failure)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public static HttpAnswer None(string failure) => new(0, [], null, failure);

    /// <summary>A failure of some outcome, with the receiver's wish for a pause.</summary>
    public Delivery As(DeliveryOutcome outcome, string detail = "") => new(outcome, detail.Length > 0 ? $"{Failure} ({detail})" : Failure) { RetryAfter = RetryAfter };

    /// <summary>What to do after an answer, where the receiver's contract says nothing else.</summary>
    public Delivery ToDelivery() => Status switch
    {
        >= 200 and < 300 => Delivery.Complete,
        0 or 408 or 425 or 429 or >= 500 => As(DeliveryOutcome.Retry),
        413 => As(DeliveryOutcome.TooLarge),
        400 or 422 => As(DeliveryOutcome.Refused),
        _ => As(DeliveryOutcome.Stop),
    };
}
