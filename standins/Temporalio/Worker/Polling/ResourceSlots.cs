using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>Gives slots out up to the minimum at once, and beyond it while memory and processors are below their targets.</summary>
internal sealed class ResourceSlots(ResourceBasedSlotSupplier supplier, SlotType type, TimeProvider clock) : CustomSlotSupplier
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly int minimum = supplier.Options.MinimumSlots ?? (type == SlotType.Workflow ? 5 : 1);
    private readonly int maximum = supplier.Options.MaximumSlots ?? 1000;
    private readonly TimeSpan ramp = supplier.Options.RampThrottle ?? (type == SlotType.Workflow ? TimeSpan.Zero : Interval);
    private readonly Lock gate = new();
    private long lastGiven;
    private int given;

    public override async Task<SlotPermit> ReserveSlotAsync(SlotReserveContext ctx, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (true)
        {
            if (TryReserveSlot(ctx) is { } permit)
            {
                return permit;
            }

            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override SlotPermit? TryReserveSlot(SlotReserveContext ctx)
    {
        lock (gate)
        {
            var free = given < minimum || (given < maximum && clock.GetElapsedTime(lastGiven) >= ramp && ResourceUse.IsBelow(supplier.TunerOptions));
            if (!free)
            {
                return null;
            }

            given++;
            lastGiven = clock.GetTimestamp();
            return new();
        }
    }

    public override void MarkSlotUsed(SlotMarkUsedContext ctx)
    {
    }

    public override void ReleaseSlot(SlotReleaseContext ctx)
    {
        lock (gate)
        {
            given--;
        }
    }
}
