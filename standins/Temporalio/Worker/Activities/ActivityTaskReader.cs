using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Activities;

/// <summary>Reads what an activity gets out of its task.</summary>
internal static class ActivityTaskReader
{
    public static ActivityInfo Info(WorkerContext context, PollActivityTaskQueueResponse task) => new(
        ActivityId: task.ActivityId,
        ActivityType: task.ActivityType.Name,
        Attempt: task.Attempt,
        CurrentAttemptScheduledTime: (task.CurrentAttemptScheduledTime ?? task.ScheduledTime).ToDateTime(),
        DataConverter: context.Converter,
        HeartbeatDetails: task.HeartbeatDetails?.Payloads_ ?? [],
        HeartbeatTimeout: Optional(task.HeartbeatTimeout),
        IsLocal: false,
        Namespace: context.Namespace,
        Priority: Priority.FromProto(task.Priority),
        RetryPolicy: task.RetryPolicy is { } retry ? RetryPolicy.FromProto(retry) : null,
        ScheduleToCloseTimeout: Optional(task.ScheduleToCloseTimeout),
        ScheduledTime: task.ScheduledTime.ToDateTime(),
        StartToCloseTimeout: Optional(task.StartToCloseTimeout),
        StartedTime: task.StartedTime.ToDateTime(),
        TaskQueue: context.TaskQueue,
        TaskToken: task.TaskToken.ToByteArray(),
        WorkflowId: task.WorkflowExecution?.WorkflowId,
        WorkflowNamespace: task.WorkflowNamespace,
        WorkflowRunId: task.WorkflowExecution?.RunId,
        WorkflowType: task.WorkflowType?.Name);

    public static async Task<object?[]> ArgumentsAsync(DataConverter converter, ActivityDefinition definition, string activityType, IReadOnlyCollection<Payload> payloads)
    {
        try
        {
            var decoded = converter.PayloadCodec is { } codec && payloads.Count > 0 ? await codec.DecodeAsync(payloads).ConfigureAwait(false) : payloads;
            return definition.Dynamic
                ? [decoded.Select(payload => (IRawValue)new RawValue(payload)).ToArray()]
                : [.. decoded.Zip(definition.ParameterTypes, converter.PayloadConverter.ToValue)];
        }
        catch (Exception e)
        {
            throw new ApplicationFailureException($"Failed decoding arguments of activity {activityType}", e);
        }
    }

    public static async Task<IReadOnlyDictionary<string, Payload>?> HeadersAsync(DataConverter converter, IDictionary<string, Payload>? headers)
    {
        if (headers is null)
        {
            return null;
        }

        var decoded = new Dictionary<string, Payload>();
        foreach (var (key, value) in headers)
        {
            decoded[key] = converter.PayloadCodec is { } codec ? await codec.DecodeSingleAsync(value).ConfigureAwait(false) : value;
        }

        return decoded;
    }

    private static TimeSpan? Optional(Duration? time) => time is null || time.ToTimeSpan() == TimeSpan.Zero ? null : time.ToTimeSpan();
}
