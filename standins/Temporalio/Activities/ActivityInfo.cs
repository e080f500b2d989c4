using System.Text.Json.Serialization;

namespace Temporalio.Activities;

/// <summary>What an activity knows about itself.</summary>
public record ActivityInfo(
    string ActivityId,
    string ActivityType,
    int Attempt,
    DateTime CurrentAttemptScheduledTime,
    [property: JsonIgnore] DataConverter DataConverter,
    IReadOnlyCollection<Payload> HeartbeatDetails,
    TimeSpan? HeartbeatTimeout,
    bool IsLocal,
    string Namespace,
    Priority Priority,
    RetryPolicy? RetryPolicy,
    TimeSpan? ScheduleToCloseTimeout,
    DateTime ScheduledTime,
    TimeSpan? StartToCloseTimeout,
    DateTime StartedTime,
    string TaskQueue,
    byte[] TaskToken,
    string? WorkflowId,
    string? WorkflowNamespace,
    string? WorkflowRunId,
    string? WorkflowType)
{
    public bool IsWorkflowActivity => WorkflowId is not null;

    internal Dictionary<string, object?> LoggerScope => new()
    {
        ["ActivityId"] = ActivityId,
        ["ActivityType"] = ActivityType,
        ["Attempt"] = Attempt,
        ["Namespace"] = Namespace,
        ["WorkflowId"] = WorkflowId,
        ["WorkflowRunId"] = WorkflowRunId,
        ["WorkflowType"] = WorkflowType,
    };

    /// <summary>Decodes one detail of the last heartbeat of an earlier attempt.</summary>
    public Task<T> HeartbeatDetailAtAsync<T>(int index) => index >= HeartbeatDetails.Count
        ? throw new ArgumentOutOfRangeException(nameof(index))
        : DataConverter.ToValueAsync<T>(HeartbeatDetails.ElementAt(index));
}
