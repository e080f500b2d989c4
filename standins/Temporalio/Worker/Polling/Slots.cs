using System.Collections.Concurrent;
using Temporalio.Runtime.Metrics;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>The slots of one kind of task, whichever supplier gives them out, with the metrics of their use.</summary>
internal sealed class Slots
{
    private readonly SlotReserveContext asker;
    private readonly SdkMetrics metrics;
    private readonly int? fixedSize;
    private readonly CustomSlotSupplier supplier;
    private readonly ConcurrentDictionary<SlotPermit, SlotInfo> used = new();

    public Slots(WorkerContext context, SlotType type, SlotSupplier? tuned, int? fixedCount)
    {
        asker = new(type, context.TaskQueue, context.Identity, context.BuildId, false);
        fixedSize = tuned is null ? fixedCount ?? 100 : (tuned as FixedSizeSlotSupplier)?.SlotCount;
        supplier = tuned switch
        {
            CustomSlotSupplier custom => custom,
            ResourceBasedSlotSupplier resources => new ResourceSlots(resources, type, context.Clock),
            _ => new FixedSlots(fixedSize!.Value),
        };
        metrics = context.Metrics.With("worker_type", type switch
        {
            SlotType.Workflow => "WorkflowWorker",
            SlotType.Activity => "ActivityWorker",
            _ => "LocalActivityWorker",
        });
        Report();
    }

    public Task<SlotPermit> ReserveAsync(bool sticky, CancellationToken cancellationToken) => supplier.ReserveSlotAsync(asker with { IsSticky = sticky }, cancellationToken);

    public SlotPermit? TryReserve() => supplier.TryReserveSlot(asker);

    public void Use(SlotPermit permit, SlotInfo info)
    {
        used[permit] = info;
        supplier.MarkSlotUsed(new(info, permit));
        Report();
    }

    public void Release(SlotPermit permit)
    {
        used.TryRemove(permit, out var info);
        supplier.ReleaseSlot(new(info, permit));
        Report();
    }

    private void Report()
    {
        if (metrics.Enabled)
        {
            metrics.Set("worker_task_slots_used", used.Count);
            if (fixedSize is { } size)
            {
                metrics.Set("worker_task_slots_available", size - used.Count);
            }
        }
    }
}
