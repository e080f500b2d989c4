namespace Temporalio.Worker.Tuning;

/// <summary>What a slot is for.</summary>
public enum SlotType
{
    Workflow,
    Activity,
    LocalActivity,
    NexusOperation,
}

/// <summary>What runs in a slot.</summary>
public abstract record SlotInfo
{
    private protected SlotInfo()
    {
    }

    /// <summary>A workflow task.</summary>
    public sealed record WorkflowSlotInfo(string WorkflowType, bool IsSticky) : SlotInfo;

    /// <summary>An activity.</summary>
    public sealed record ActivitySlotInfo(string ActivityType) : SlotInfo;

    /// <summary>A local activity.</summary>
    public sealed record LocalActivitySlotInfo(string ActivityType) : SlotInfo;
}

/// <summary>A slot that was given out, with what its supplier wants to remember of it.</summary>
public class SlotPermit
{
    public SlotPermit()
    {
    }

    public SlotPermit(object data) => UserData = data;

    public object? UserData { get; init; }
}

/// <summary>Who wants a slot, and for what.</summary>
public record SlotReserveContext(SlotType SlotType, string TaskQueue, string WorkerIdentity, string WorkerBuildId, bool IsSticky);

/// <summary>A slot whose task is about to run.</summary>
public record SlotMarkUsedContext(SlotInfo SlotInfo, SlotPermit Permit);

/// <summary>A slot that is free again; without a task when none came for it.</summary>
public record SlotReleaseContext(SlotInfo? SlotInfo, SlotPermit Permit);
