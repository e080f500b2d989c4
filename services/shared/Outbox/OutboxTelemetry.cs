using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>What the outbox tells about itself: how many events wait, how many went out, and the span of each.</summary>
internal sealed class OutboxTelemetry
{
    private const string Name = "Mainstay.Outbox";

    private static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> published;
    private long backlog;

    public OutboxTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        published = meter.CreateCounter<long>("mainstay.outbox.published", "{event}", "Audit events that the broker has taken.");
        meter.CreateObservableGauge("mainstay.outbox.backlog", () => Interlocked.Read(ref backlog), "{event}", "Audit events that wait to be published.");
    }

    /// <summary>How many events wait.</summary>
    public long Backlog
    {
        get => Interlocked.Read(ref backlog);
        set => Interlocked.Exchange(ref backlog, value);
    }

    public void Published(int count) => published.Add(count);

    /// <summary>A span for a publication, in the trace of whoever wrote the event; null when that trace is not recorded.</summary>
    public static Activity? StartPublish(string exchange, string routingKey, string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity($"send {exchange}", ActivityKind.Producer, parent)
                ?.SetTag("messaging.system", "rabbitmq")
                .SetTag("messaging.operation.type", "send")
                .SetTag("messaging.destination.name", exchange)
                .SetTag("messaging.rabbitmq.destination.routing_key", routingKey)
            : null;
}
