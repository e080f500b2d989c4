namespace Temporalio.Worker.Tuning;

/// <summary>The suppliers of a worker's slots.</summary>
public interface IWorkerTuner
{
    SlotSupplier WorkflowTaskSlotSupplier { get; }

    SlotSupplier ActivityTaskSlotSupplier { get; }

    SlotSupplier LocalActivitySlotSupplier { get; }
}

/// <summary>The suppliers of a worker's slots, one for each kind of task.</summary>
public class WorkerTuner : IWorkerTuner
{
    public WorkerTuner(SlotSupplier workflowTaskSlotSupplier, SlotSupplier activityTaskSlotSupplier, SlotSupplier localActivitySlotSupplier, SlotSupplier nexusTaskSlotSupplier)
    {
        WorkflowTaskSlotSupplier = workflowTaskSlotSupplier;
        ActivityTaskSlotSupplier = activityTaskSlotSupplier;
        LocalActivitySlotSupplier = localActivitySlotSupplier;
        NexusTaskSlotSupplier = nexusTaskSlotSupplier;
    }

    public SlotSupplier WorkflowTaskSlotSupplier { get; init; }

    public SlotSupplier ActivityTaskSlotSupplier { get; init; }

    public SlotSupplier LocalActivitySlotSupplier { get; init; }

    public SlotSupplier NexusTaskSlotSupplier { get; init; }

    /// <summary>Fixed numbers of slots.</summary>
    public static WorkerTuner CreateFixedSize(int workflowTaskSlots = 100, int activityTaskSlots = 100, int localActivitySlots = 100, int nexusTaskSlots = 100) => new(
        new FixedSizeSlotSupplier(workflowTaskSlots), new FixedSizeSlotSupplier(activityTaskSlots), new FixedSizeSlotSupplier(localActivitySlots), new FixedSizeSlotSupplier(nexusTaskSlots));

    /// <summary>As many slots as memory and processors allow, up to these shares of them.</summary>
    public static WorkerTuner CreateResourceBased(
        double targetMemoryUsage,
        double targetCpuUsage,
        ResourceBasedSlotSupplierOptions? workflowOptions = null,
        ResourceBasedSlotSupplierOptions? activityOptions = null,
        ResourceBasedSlotSupplierOptions? localActivityOptions = null,
        ResourceBasedSlotSupplierOptions? nexusOptions = null)
    {
        var targets = new ResourceBasedTunerOptions(targetMemoryUsage, targetCpuUsage);
        ResourceBasedSlotSupplier Supplier(ResourceBasedSlotSupplierOptions? options) => new(options ?? new(), targets);
        return new(Supplier(workflowOptions), Supplier(activityOptions), Supplier(localActivityOptions), Supplier(nexusOptions));
    }
}
