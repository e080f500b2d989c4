using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Client.Schedules;

/// <summary>A schedule as described by the server.</summary>
public class ScheduleDescription
{
    private readonly DataConverter dataConverter;

    internal ScheduleDescription(string id, DescribeScheduleResponse rawDescription, DataConverter dataConverter)
    {
        Id = id;
        RawDescription = rawDescription;
        this.dataConverter = dataConverter;
        Schedule = Schedule.FromProto(rawDescription.Schedule, dataConverter);
        Info = ScheduleInfo.FromProto(rawDescription.Info);
    }

    public string Id { get; }

    public ScheduleInfo Info { get; }

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo =>
        RawDescription.Memo?.Fields.ToDictionary(entry => entry.Key, entry => (IEncodedRawValue)new EncodedRawValue(dataConverter, entry.Value)) ?? [];

    public Schedule Schedule { get; }

    public SearchAttributeCollection TypedSearchAttributes =>
        RawDescription.SearchAttributes is { } attributes ? SearchAttributeCollection.FromProto(attributes) : SearchAttributeCollection.Empty;

    internal DescribeScheduleResponse RawDescription { get; }
}

/// <summary>What a schedule has done and will do.</summary>
public record ScheduleInfo(
    long NumActions,
    long NumActionsMissedCatchupWindow,
    long NumActionsSkippedOverlap,
    IReadOnlyCollection<ScheduleActionExecution> RunningActions,
    IReadOnlyCollection<ScheduleActionResult> RecentActions,
    IReadOnlyCollection<DateTime> NextActionTimes,
    DateTime CreatedAt,
    DateTime? LastUpdatedAt)
{
    internal static ScheduleInfo FromProto(Api.Schedule.V1.ScheduleInfo proto) => new(
        proto.ActionCount,
        proto.MissedCatchupWindow,
        proto.OverlapSkipped,
        [.. proto.RunningWorkflows.Select(workflow => new ScheduleActionExecutionStartWorkflow(workflow.WorkflowId, workflow.RunId))],
        [.. proto.RecentActions.Select(ScheduleActionResult.FromProto)],
        [.. proto.FutureActionTimes.Select(time => time.ToDateTime())],
        proto.CreateTime.ToDateTime(),
        proto.UpdateTime?.ToDateTime());
}

/// <summary>Something that a schedule started.</summary>
public abstract record ScheduleActionExecution;

/// <summary>A workflow that a schedule started.</summary>
public record ScheduleActionExecutionStartWorkflow(string WorkflowId, string FirstExecutionRunId) : ScheduleActionExecution;

/// <summary>When an action was due, when it was taken, and what came of it.</summary>
public record ScheduleActionResult(DateTime ScheduledAt, DateTime StartedAt, ScheduleActionExecution Action)
{
    internal static ScheduleActionResult FromProto(Api.Schedule.V1.ScheduleActionResult proto) => new(
        proto.ScheduleTime.ToDateTime(),
        proto.ActualTime.ToDateTime(),
        new ScheduleActionExecutionStartWorkflow(proto.StartWorkflowResult.WorkflowId, proto.StartWorkflowResult.RunId));
}
