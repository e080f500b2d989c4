using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Activity.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Puts the named fields of some options in the place of others.</summary>
internal static class ActivityOptionsMask
{
    private static readonly Dictionary<string, Action<ActivityOptions, ActivityOptions>> Fields = new(StringComparer.Ordinal)
    {
        ["taskqueue.name"] = (into, from) => into.TaskQueue.Name = Given(from.TaskQueue, "TaskQueue").Name,
        ["scheduletoclosetimeout"] = (into, from) => into.ScheduleToCloseTimeout = from.ScheduleToCloseTimeout,
        ["scheduletostarttimeout"] = (into, from) => into.ScheduleToStartTimeout = from.ScheduleToStartTimeout,
        ["starttoclosetimeout"] = (into, from) => into.StartToCloseTimeout = from.StartToCloseTimeout,
        ["heartbeattimeout"] = (into, from) => into.HeartbeatTimeout = from.HeartbeatTimeout,
        ["priority"] = (into, from) => into.Priority = from.Priority,
        ["priority.prioritykey"] = (into, from) => (into.Priority ??= new()).PriorityKey = Given(from.Priority, "Priority").PriorityKey,
        ["priority.fairnesskey"] = (into, from) => (into.Priority ??= new()).FairnessKey = Given(from.Priority, "Priority").FairnessKey,
        ["priority.fairnessweight"] = (into, from) => (into.Priority ??= new()).FairnessWeight = Given(from.Priority, "Priority").FairnessWeight,
        ["retrypolicy"] = (into, from) => into.RetryPolicy = from.RetryPolicy,
        ["retrypolicy.initialinterval"] = (into, from) => (into.RetryPolicy ??= new()).InitialInterval = Given(from.RetryPolicy, "RetryPolicy").InitialInterval,
        ["retrypolicy.backoffcoefficient"] = (into, from) => (into.RetryPolicy ??= new()).BackoffCoefficient = Given(from.RetryPolicy, "RetryPolicy").BackoffCoefficient,
        ["retrypolicy.maximuminterval"] = (into, from) => (into.RetryPolicy ??= new()).MaximumInterval = Given(from.RetryPolicy, "RetryPolicy").MaximumInterval,
        ["retrypolicy.maximumattempts"] = (into, from) => (into.RetryPolicy ??= new()).MaximumAttempts = Given(from.RetryPolicy, "RetryPolicy").MaximumAttempts,
    };

    /// <summary>The options with the fields of the mask as asked; fields may be written as in the protocol or as in JSON.</summary>
    public static ActivityOptions Merge(ActivityOptions into, ActivityOptions? from, FieldMask? mask)
    {
        from = Given(from, "ActivityOptions are").Clone();
        if (mask is null)
        {
            throw new ActivityOperationException("UpdateMask is not provided", unknown: false);
        }

        foreach (var path in mask.Paths.Order(StringComparer.Ordinal))
        {
            var field = path.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
            (Fields.GetValueOrDefault(field) ?? throw new ActivityOperationException($"UpdateMask names no option of activities: {path}", unknown: false))(into, from);
        }

        return into;
    }

    private static T Given<T>(T? given, string what)
        where T : class =>
        given ?? throw new ActivityOperationException($"{(what.EndsWith("are", StringComparison.Ordinal) ? what : what + " is")} not provided", unknown: false);
}
