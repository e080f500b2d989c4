using System.Text.Json;
using Temporalio.Api.Command.V1;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>The marker that a patch leaves in history.</summary>
internal static class PatchMarker
{
    private const string MarkerName = "core_patch";
    private const string VersionAttribute = "TemporalChangeVersion";

    public static PendingCommand Create(string patchId, bool deprecated)
    {
        var attributes = new RecordMarkerCommandAttributes { MarkerName = MarkerName };
        attributes.Details["patch-data"] = new()
        {
            Payloads_ = { Encoded.As("json/plain", ByteString.CopyFromUtf8(JsonSerializer.Serialize(new { id = patchId, deprecated }))) },
        };
        return new(new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = attributes }, EventType.MarkerRecorded, $"RecordMarker(patch {patchId})")
        {
            Matches = e => Read(e)?.Id == patchId,
        };
    }

    /// <summary>Lists the patches of a run in a search attribute, so that runs of old code can be found.</summary>
    public static PendingCommand CreateUpsert(IReadOnlyCollection<string> patchIds)
    {
        var attributes = new Api.Common.V1.SearchAttributes();
        attributes.IndexedFields[VersionAttribute] = SearchAttributePayload.Write(SearchAttributeKey.CreateKeywordList(VersionAttribute), patchIds);
        return new(
            new() { CommandType = CommandType.UpsertWorkflowSearchAttributes, UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = attributes } },
            EventType.UpsertWorkflowSearchAttributes,
            "UpsertWorkflowSearchAttributes(TemporalChangeVersion)")
        {
            Matches = IsVersionUpsert,
            Optional = true,
        };
    }

    /// <summary>The patch of a marker; null for other events.</summary>
    public static (string Id, bool Deprecated)? Read(HistoryEvent historyEvent)
    {
        if (historyEvent.EventType != EventType.MarkerRecorded || historyEvent.MarkerRecordedEventAttributes.MarkerName != MarkerName ||
            !historyEvent.MarkerRecordedEventAttributes.Details.TryGetValue("patch-data", out var payloads))
        {
            return null;
        }

        var data = JsonSerializer.Deserialize<JsonElement>(payloads.Payloads_[0].Data.Span);
        return (data.GetProperty("id").GetString()!, data.TryGetProperty("deprecated", out var deprecated) && deprecated.GetBoolean());
    }

    /// <summary>Code may drop a deprecated patch: then its events stay without a command.</summary>
    public static bool MayLackCommand(HistoryEvent historyEvent) => Read(historyEvent)?.Deprecated == true || IsVersionUpsert(historyEvent);

    private static bool IsVersionUpsert(HistoryEvent historyEvent) =>
        historyEvent.EventType == EventType.UpsertWorkflowSearchAttributes &&
        historyEvent.UpsertWorkflowSearchAttributesEventAttributes.SearchAttributes.IndexedFields.Keys.SequenceEqual([VersionAttribute]);
}
