namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>A batch on its way: whole at first, in ever smaller parts where the other side refuses, and always from the front.</summary>
internal sealed class BatchParts
{
    private readonly Batch batch;
    private readonly Stack<IReadOnlyList<EncodedEvent>> open = new();
    private readonly List<RefusedEntry> refused;
    private int delivered;
    private long settledThrough;
    private bool isSearching;

    public BatchParts(Batch batch)
    {
        this.batch = batch;
        refused = [.. batch.Refused];
        Open(batch.Events);
    }

    /// <summary>What to deliver next; null when nothing is left.</summary>
    public IReadOnlyList<EncodedEvent>? Next => open.TryPeek(out var part) ? part : null;

    /// <summary>Whether the last failure was laid on an event, which was given up or is being looked for: the next part may go out at once.</summary>
    public bool IsLaidOnAnEvent { get; private set; }

    /// <summary>Takes in what became of the next part.</summary>
    public void Apply(Delivery delivery, bool isLastAttempt)
    {
        var part = open.Pop();
        IsLaidOnAnEvent = delivery is { Outcome: DeliveryOutcome.Retry, MayBeTheEvent: true } && (isLastAttempt || isSearching);
        switch (delivery.Outcome)
        {
            case DeliveryOutcome.Delivered:
                delivered += part.Count - delivery.Refused.Count;
                Refuse(part, delivery.Refused);
                break;
            case DeliveryOutcome.Refused when delivery.Refused.Count > 0:
                Refuse(part, delivery.Refused);
                Open([.. part.Where((_, index) => delivery.Refused.All(one => one.Index != index))]);
                break;
            case DeliveryOutcome.TooLarge or DeliveryOutcome.Refused:
                HalveOrRefuse(part, delivery.Failure);
                break;
            case DeliveryOutcome.Retry when IsLaidOnAnEvent:
                delivered += delivery.Taken;
                isSearching = part.Count - delivery.Taken > 1;
                HalveOrRefuse([.. part.Skip(delivery.Taken)], delivery.Failure);
                break;
            default:
                delivered += delivery.Taken;
                Open([.. part.Skip(delivery.Taken)]);
                break;
        }
    }

    /// <summary>What is done with since the last time; null when nothing is.</summary>
    public Settlement? Settle()
    {
        // A refused event behind the next one waits for it: the cursor cannot pass what is not delivered.
        var through = Next is { } next ? next[0].Event.Sequence - 1 : batch.Through;
        if (through <= settledThrough || through < batch.First)
        {
            return null;
        }

        var settlement = new Settlement(Math.Max(batch.First, settledThrough + 1), through, delivered, [.. refused.Where(one => one.Sequence <= through)]);
        refused.RemoveAll(one => one.Sequence <= through);
        (settledThrough, delivered) = (through, 0);
        return settlement;
    }

    private void HalveOrRefuse(IReadOnlyList<EncodedEvent> part, string failure)
    {
        if (part.Count == 1)
        {
            Refuse(part, [new RefusedEvent(0, failure)]);
            return;
        }

        Open([.. part.Skip(part.Count / 2)]);
        Open([.. part.Take(part.Count / 2)]);
    }

    private void Open(IReadOnlyList<EncodedEvent> part)
    {
        if (part.Count > 0)
        {
            open.Push(part);
        }
    }

    private void Refuse(IReadOnlyList<EncodedEvent> part, IReadOnlyList<RefusedEvent> events) =>
        refused.AddRange(events.Select(one => new RefusedEntry(part[one.Index].Event.Sequence, part[one.Index].Event.EventId, one.Reason)));
}
