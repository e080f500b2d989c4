using System.Text.Json;
using Temporalio.Api.Command.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>A local activity: run by the worker within the task, its end recorded as a marker.</summary>
internal sealed class LocalActivityMachine(CommandBook book, int sequence, string activityId, ScheduledLocalActivity scheduled)
{
    public const string MarkerName = "core_local_activity";

    private readonly TaskCompletionSource<ActivityOutcome> closed = new();

    public int Sequence => sequence;

    public string ActivityId => activityId;

    public ScheduledLocalActivity Scheduled => scheduled;

    public Task<ActivityOutcome> Task => closed.Task;

    /// <summary>Whether the workflow wants the run stopped.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The sequence number in a marker; null for other events.</summary>
    public static int? SequenceOf(HistoryEvent e) =>
        e.EventType == EventType.MarkerRecorded && e.MarkerRecordedEventAttributes.MarkerName == MarkerName &&
        e.MarkerRecordedEventAttributes.Details.TryGetValue("data", out var data)
            ? JsonSerializer.Deserialize<JsonElement>(data.Payloads_[0].Data.Span).GetProperty("seq").GetInt32()
            : null;

    /// <summary>Ends it as a marker of history says.</summary>
    public void Replay(HistoryEvent marker)
    {
        var attributes = marker.MarkerRecordedEventAttributes;
        Close(attributes.Failure is { } failure
            ? new(null, failure)
            : new(attributes.Details.TryGetValue("result", out var result) ? result : null, null), attributes.Details["data"]);
    }

    /// <summary>Ends it as the worker saw it end.</summary>
    public void Close(ActivityOutcome outcome, int attempt, DateTime completeTime) => Close(outcome, new Payloads
    {
        Payloads_ =
        {
            Encoded.As("json/plain", ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(new
            {
                seq = sequence,
                attempt,
                activity_id = activityId,
                activity_type = scheduled.ActivityType,
                complete_time = completeTime,
                original_schedule_time = scheduled.ScheduleTime,
            }))),
        },
    });

    private void Close(ActivityOutcome outcome, Payloads data)
    {
        var attributes = new RecordMarkerCommandAttributes { MarkerName = MarkerName, Failure = outcome.Failure };
        attributes.Details["data"] = data;
        if (outcome.Result is { } result)
        {
            attributes.Details["result"] = result;
        }

        book.Add(new(
            new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = attributes },
            EventType.MarkerRecorded,
            $"RecordMarker(local activity {scheduled.ActivityType}, id {activityId})")
        {
            Matches = e => SequenceOf(e) == sequence,
        });
        closed.TrySetResult(outcome);
    }
}

/// <summary>What the worker needs to run a local activity.</summary>
internal sealed record ScheduledLocalActivity(string ActivityType, IReadOnlyList<Payload> Input, LocalActivityOptions Options, DateTime ScheduleTime, IDictionary<string, Payload>? Headers);
