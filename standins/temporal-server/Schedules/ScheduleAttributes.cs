using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>What schedules can be searched by.</summary>
internal static class ScheduleAttributes
{
    /// <summary>The columns that conditions on schedules may name, beside custom attributes.</summary>
    public static IReadOnlyDictionary<string, (string Sql, IndexedValueType Type)> Columns { get; } = new Dictionary<string, (string, IndexedValueType)>
    {
        ["ScheduleId"] = ("schedule_id", IndexedValueType.Keyword),
    };

    /// <summary>The attributes of a schedule as they are searched in.</summary>
    public static string Document(ScheduleRecord record)
    {
        var attributes = record.SearchAttributes?.Clone() ?? new SearchAttributes();
        attributes.IndexedFields["TemporalSchedulePaused"] = AttributeValue.Of(IndexedValueType.Bool, record.Schedule.State.Paused);
        return AttributeValue.Document(attributes);
    }
}
