namespace Temporalio.Worker.Tuning;

/// <summary>Gives out the slots in which tasks run.</summary>
public abstract class SlotSupplier
{
    private protected SlotSupplier()
    {
    }
}

/// <summary>A fixed number of slots.</summary>
public sealed class FixedSizeSlotSupplier : SlotSupplier
{
    public FixedSizeSlotSupplier(int slotCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotCount);
        SlotCount = slotCount;
    }

    public int SlotCount { get; }
}

/// <summary>As many slots as memory and processors allow.</summary>
public sealed class ResourceBasedSlotSupplier(ResourceBasedSlotSupplierOptions options, ResourceBasedTunerOptions tunerOptions) : SlotSupplier
{
    public ResourceBasedSlotSupplierOptions Options { get; } = options;

    public ResourceBasedTunerOptions TunerOptions { get; } = tunerOptions;
}

/// <summary>Shares of memory and processor time, from 0 to 1, above which no further slots are given out.</summary>
public sealed record ResourceBasedTunerOptions(double TargetMemoryUsage, double TargetCpuUsage);

/// <summary>Bounds of a resource-based supplier; by default 5 (workflows) or 1 (activities) to 1,000 slots, and 50 ms between new slots of activities.</summary>
public sealed record ResourceBasedSlotSupplierOptions(int? MinimumSlots = null, int? MaximumSlots = null, TimeSpan? RampThrottle = null);

/// <summary>A supplier of an application's own kind.</summary>
public abstract class CustomSlotSupplier : SlotSupplier
{
    /// <summary>Gives a slot out once there is one.</summary>
    public abstract Task<SlotPermit> ReserveSlotAsync(SlotReserveContext ctx, CancellationToken cancellationToken);

    /// <summary>Gives a slot out if there is one now.</summary>
    public abstract SlotPermit? TryReserveSlot(SlotReserveContext ctx);

    /// <summary>Called before the task of a slot runs.</summary>
    public abstract void MarkSlotUsed(SlotMarkUsedContext ctx);

    /// <summary>Called once for each slot that was given out.</summary>
    public abstract void ReleaseSlot(SlotReleaseContext ctx);
}
