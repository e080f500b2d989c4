namespace Mainstay.Audit.Sinks;

/// <summary>A place outside that receives the trail.</summary>
internal interface IAuditSink : IAsyncDisposable
{
    /// <summary>What one delivery may hold.</summary>
    SinkLimits Limits { get; }

    /// <summary>An event as the sink sends it; its length is what counts against the limits.</summary>
    byte[] Encode(OutgoingEvent outgoing);

    /// <summary>Delivers events in the order of the trail and says what became of them; an event may come again after a failure.</summary>
    Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken);
}
