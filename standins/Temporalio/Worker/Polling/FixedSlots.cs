using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>A fixed number of slots.</summary>
internal sealed class FixedSlots(int count) : CustomSlotSupplier
{
    private readonly SemaphoreSlim free = new(count);

    public override async Task<SlotPermit> ReserveSlotAsync(SlotReserveContext ctx, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new();
    }

    public override SlotPermit? TryReserveSlot(SlotReserveContext ctx) => free.Wait(0) ? new() : null;

    public override void MarkSlotUsed(SlotMarkUsedContext ctx)
    {
    }

    public override void ReleaseSlot(SlotReleaseContext ctx) => free.Release();
}
