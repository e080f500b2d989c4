using System.Text;
using Mainstay.Audit.Sinks;

namespace Mainstay.Audit.Tests.Sinks;

/// <summary>A sink within the test: remembers what it was given and answers as the test wants.</summary>
internal sealed class ScriptedSink(SinkLimits limits) : IAuditSink, ISinkType
{
    private readonly List<IReadOnlyList<string>> deliveries = [];
    private readonly List<string> taken = [];

    public string Type => "scripted";

    public IReadOnlyList<string> Keys => [];

    public SinkLimits Limits => limits;

    /// <summary>What becomes of a delivery.</summary>
    public Func<IReadOnlyList<EncodedEvent>, Delivery> Answer { get; set; } = _ => Delivery.Complete;

    /// <summary>The actions of each delivery.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Deliveries
    {
        get
        {
            lock (deliveries)
            {
                return [.. deliveries];
            }
        }
    }

    /// <summary>The ids of the events that were taken.</summary>
    public IReadOnlyList<string> Taken
    {
        get
        {
            lock (deliveries)
            {
                return [.. taken];
            }
        }
    }

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings) => _ => this;

    public byte[] Encode(OutgoingEvent outgoing) => Encoding.UTF8.GetBytes(outgoing.Json);

    public Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        var delivery = Answer(events);
        lock (deliveries)
        {
            deliveries.Add([.. events.Select(encoded => encoded.Event.Text("action"))]);
            var count = delivery.Outcome == DeliveryOutcome.Delivered ? events.Count : delivery.Taken;
            taken.AddRange(events.Take(count).Where((_, index) => delivery.Refused.All(refused => refused.Index != index)).Select(encoded => encoded.Event.EventId));
        }

        return Task.FromResult(delivery);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
