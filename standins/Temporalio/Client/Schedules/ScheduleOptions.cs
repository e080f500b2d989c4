namespace Temporalio.Client.Schedules;

/// <summary>Options of a new schedule.</summary>
public class ScheduleOptions : ICloneable
{
    public bool TriggerImmediately { get; set; }

    public IReadOnlyCollection<ScheduleBackfill> Backfills { get; set; } = [];

    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>Options of a trigger.</summary>
public class ScheduleTriggerOptions : ICloneable
{
    /// <summary>The schedule's own policy by default.</summary>
    public ScheduleOverlapPolicy Overlap { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>Options of a list of schedules.</summary>
public class ScheduleListOptions : ICloneable
{
    public string? Query { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>What a schedule is changed to.</summary>
public record ScheduleUpdate(Schedule Schedule, SearchAttributeCollection? TypedSearchAttributes = null);

/// <summary>What a change of a schedule starts from.</summary>
public record ScheduleUpdateInput(ScheduleDescription Description);
