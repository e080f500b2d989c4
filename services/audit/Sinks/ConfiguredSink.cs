using Mainstay.Audit.Sinks.Shaping;

namespace Mainstay.Audit.Sinks;

/// <summary>A sink of the configuration, with what every sink has.</summary>
/// <param name="Name">The name under which its place in the trail is kept.</param>
/// <param name="Type">Its type.</param>
/// <param name="Sink">Where the events go.</param>
/// <param name="Shape">What of an event it may have, and how it is written.</param>
/// <param name="Retries">How long it waits after failures.</param>
/// <param name="FromBeginning">Whether a new sink gets the trail from its beginning, or only what comes from now on.</param>
internal sealed record ConfiguredSink(string Name, string Type, IAuditSink Sink, EventShape Shape, Retries Retries, bool FromBeginning) : IAsyncDisposable
{
    // A test of the connection and the runner must not write at once.
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Delivers, one delivery at a time; an unforeseen error is a failure that is retried.</summary>
    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await Sink.DeliverAsync(events, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Delivery.FailedBy(exception);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        gate.Dispose();
    }
}

/// <summary>The sinks of the configuration, in its order.</summary>
internal sealed record SinkSet(IReadOnlyList<ConfiguredSink> Sinks) : IAsyncDisposable
{
    /// <summary>A sink by its name; a refusal names those that there are.</summary>
    public ConfiguredSink Find(string name) => Sinks.FirstOrDefault(sink => sink.Name == name) ?? throw AuditErrors.SinkNotFound(name, Sinks.Select(sink => sink.Name));

    public async ValueTask DisposeAsync()
    {
        foreach (var sink in Sinks)
        {
            await sink.DisposeAsync();
        }
    }
}
