using Temporalio.Api.Schedule.V1;

namespace Temporalio.Client.Schedules;

/// <summary>A schedule in a list.</summary>
public class ScheduleListDescription
{
    private readonly DataConverter dataConverter;

    internal ScheduleListDescription(ScheduleListEntry rawEntry, DataConverter dataConverter)
    {
        RawEntry = rawEntry;
        this.dataConverter = dataConverter;
    }

    public string Id => RawEntry.ScheduleId;

    public ScheduleListInfo? Info => RawEntry.Info is { } info ? ScheduleListInfo.FromProto(info) : null;

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo =>
        RawEntry.Memo?.Fields.ToDictionary(entry => entry.Key, entry => (IEncodedRawValue)new EncodedRawValue(dataConverter, entry.Value)) ?? [];

    public ScheduleListSchedule? Schedule => RawEntry.Info is { } info ? ScheduleListSchedule.FromProto(info) : null;

    public SearchAttributeCollection TypedSearchAttributes =>
        RawEntry.SearchAttributes is { } attributes ? SearchAttributeCollection.FromProto(attributes) : SearchAttributeCollection.Empty;

    internal ScheduleListEntry RawEntry { get; }
}

/// <summary>What a listed schedule has done and will do.</summary>
public record ScheduleListInfo(IReadOnlyCollection<ScheduleActionResult> RecentActions, IReadOnlyCollection<DateTime> NextActionTimes)
{
    internal static ScheduleListInfo FromProto(Api.Schedule.V1.ScheduleListInfo proto) =>
        new([.. proto.RecentActions.Select(ScheduleActionResult.FromProto)], [.. proto.FutureActionTimes.Select(time => time.ToDateTime())]);
}

/// <summary>A listed schedule's description.</summary>
public record ScheduleListSchedule(ScheduleListAction Action, ScheduleSpec Spec, ScheduleListState State)
{
    internal static ScheduleListSchedule FromProto(Api.Schedule.V1.ScheduleListInfo proto) =>
        new(new ScheduleListActionStartWorkflow(proto.WorkflowType?.Name ?? string.Empty), ScheduleSpec.FromProto(proto.Spec), new(string.IsNullOrEmpty(proto.Notes) ? null : proto.Notes, proto.Paused));
}

/// <summary>What a listed schedule does.</summary>
public abstract record ScheduleListAction;

/// <summary>The workflow that a listed schedule starts.</summary>
public record ScheduleListActionStartWorkflow(string Workflow) : ScheduleListAction;

/// <summary>Whether a listed schedule acts.</summary>
public record ScheduleListState(string? Note, bool Paused);
