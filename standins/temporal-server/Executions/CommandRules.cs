using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Schedules;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Cause = Temporalio.Api.Enums.V1.WorkflowTaskFailedCause;

namespace Mainstay.TemporalServer.Executions;

/// <summary>What a command has to say before the run looks at it: its own attributes, whole, with times that can be reckoned with.</summary>
internal static class CommandRules
{
    private const int LongestId = 1000;

    /// <summary>Throws <see cref="BadCommandException"/> for a command that says less, and shortens times that are too long.</summary>
    public static void Check(Command command)
    {
        switch (command.CommandType)
        {
            case CommandType.ScheduleActivityTask:
                Check(Of(command.ScheduleActivityTaskCommandAttributes, Cause.BadScheduleActivityAttributes));
                break;
            case CommandType.RequestCancelActivityTask:
                Of(command.RequestCancelActivityTaskCommandAttributes, Cause.BadRequestCancelActivityAttributes);
                break;
            case CommandType.StartTimer:
                // A timer of less than nothing fires at once.
                WireTimes.Cap(Of(command.StartTimerCommandAttributes, Cause.BadStartTimerAttributes).StartToFireTimeout);
                break;
            case CommandType.CancelTimer:
                Of(command.CancelTimerCommandAttributes, Cause.BadCancelTimerAttributes);
                break;
            case CommandType.CompleteWorkflowExecution:
                Of(command.CompleteWorkflowExecutionCommandAttributes, Cause.BadCompleteWorkflowExecutionAttributes);
                break;
            case CommandType.FailWorkflowExecution:
                Require(Of(command.FailWorkflowExecutionCommandAttributes, Cause.BadFailWorkflowExecutionAttributes).Failure is not null, Cause.BadFailWorkflowExecutionAttributes, "Failure is not set on FailWorkflowExecutionCommand.");
                break;
            case CommandType.CancelWorkflowExecution:
                Of(command.CancelWorkflowExecutionCommandAttributes, Cause.BadCancelWorkflowExecutionAttributes);
                break;
            case CommandType.ContinueAsNewWorkflowExecution:
                Check(Of(command.ContinueAsNewWorkflowExecutionCommandAttributes, Cause.BadContinueAsNewAttributes));
                break;
            case CommandType.RecordMarker:
                Require(Of(command.RecordMarkerCommandAttributes, Cause.BadRecordMarkerAttributes).MarkerName.Length > 0, Cause.BadRecordMarkerAttributes, "MarkerName is not set on RecordMarkerCommand.");
                break;
            case CommandType.StartChildWorkflowExecution:
                Check(Of(command.StartChildWorkflowExecutionCommandAttributes, Cause.BadStartChildExecutionAttributes));
                break;
            case CommandType.SignalExternalWorkflowExecution:
                var signal = Of(command.SignalExternalWorkflowExecutionCommandAttributes, Cause.BadSignalWorkflowExecutionAttributes);
                CheckTarget(signal.Execution?.WorkflowId, signal.Execution?.RunId, Cause.BadSignalWorkflowExecutionAttributes);
                Require(signal.SignalName.Length > 0, Cause.BadSignalWorkflowExecutionAttributes, "SignalName is not set on SignalExternalWorkflowExecutionCommand.");
                break;
            case CommandType.RequestCancelExternalWorkflowExecution:
                var cancel = Of(command.RequestCancelExternalWorkflowExecutionCommandAttributes, Cause.BadRequestCancelExternalWorkflowExecutionAttributes);
                CheckTarget(cancel.WorkflowId, cancel.RunId, Cause.BadRequestCancelExternalWorkflowExecutionAttributes);
                break;
            case CommandType.UpsertWorkflowSearchAttributes:
                Of(command.UpsertWorkflowSearchAttributesCommandAttributes, Cause.BadSearchAttributes);
                break;
            case CommandType.ModifyWorkflowProperties:
                Of(command.ModifyWorkflowPropertiesCommandAttributes, Cause.BadModifyWorkflowPropertiesAttributes);
                break;
            case CommandType.ProtocolMessage:
                Of(command.ProtocolMessageCommandAttributes, Cause.BadUpdateWorkflowExecutionMessage);
                break;
        }
    }

    private static void Check(ScheduleActivityTaskCommandAttributes asked)
    {
        CheckTimes(Cause.BadScheduleActivityAttributes, asked.ScheduleToCloseTimeout, asked.ScheduleToStartTimeout, asked.StartToCloseTimeout, asked.HeartbeatTimeout);
        Check(asked.RetryPolicy, Cause.BadScheduleActivityAttributes);
        CheckName(asked.TaskQueue?.Name, Cause.BadScheduleActivityAttributes);
        CheckName(asked.ActivityId, Cause.BadScheduleActivityAttributes);
    }

    private static void Check(ContinueAsNewWorkflowExecutionCommandAttributes asked)
    {
        CheckTimes(Cause.BadContinueAsNewAttributes, asked.WorkflowRunTimeout, asked.WorkflowTaskTimeout, asked.BackoffStartInterval);
        Check(asked.RetryPolicy, Cause.BadContinueAsNewAttributes);
        CheckName(asked.TaskQueue?.Name, Cause.BadContinueAsNewAttributes);
        CheckName(asked.WorkflowType?.Name, Cause.BadContinueAsNewAttributes);
    }

    private static void Check(StartChildWorkflowExecutionCommandAttributes asked)
    {
        Require(asked.WorkflowId.Length > 0, Cause.BadStartChildExecutionAttributes, "Required field WorkflowId is not set on StartChildWorkflowExecutionCommand.");
        Require(asked.WorkflowType is { Name.Length: > 0 }, Cause.BadStartChildExecutionAttributes, "Required field WorkflowType is not set on StartChildWorkflowExecutionCommand.");
        CheckName(asked.WorkflowId, Cause.BadStartChildExecutionAttributes);
        CheckName(asked.WorkflowType!.Name, Cause.BadStartChildExecutionAttributes);
        CheckName(asked.TaskQueue?.Name, Cause.BadStartChildExecutionAttributes);
        CheckTimes(Cause.BadStartChildExecutionAttributes, asked.WorkflowExecutionTimeout, asked.WorkflowRunTimeout, asked.WorkflowTaskTimeout);
        Check(asked.RetryPolicy, Cause.BadStartChildExecutionAttributes);
        Require(asked.CronSchedule.Length == 0 || WorkflowCron.IsValid(asked.CronSchedule), Cause.BadStartChildExecutionAttributes, "invalid CronSchedule.");
    }

    private static void CheckTarget(string? workflowId, string? runId, Cause cause)
    {
        Require(!string.IsNullOrEmpty(workflowId), cause, "WorkflowId is not set on command.");
        CheckName(workflowId, cause);
        Require(string.IsNullOrEmpty(runId) || Guid.TryParseExact(runId, "D", out _), cause, "Invalid RunId set on command.");
    }

    private static void Check(RetryPolicy? policy, Cause cause)
    {
        CheckTimes(cause, policy?.InitialInterval, policy?.MaximumInterval);
        Require(policy is null or { BackoffCoefficient: 0 or (>= 1 and < 1e6), MaximumAttempts: >= 0 }, cause, "The retry policy of the command is not valid.");
    }

    // The one character that PostgreSQL's texts cannot hold is refused with names that are too long.
    private static void CheckName(string? name, Cause cause) =>
        Require(name is null || (name.Length <= LongestId && !name.Contains('\0', StringComparison.Ordinal)), cause, "A name on the command exceeds the length limit or contains a null character.");

    private static void CheckTimes(Cause cause, params ReadOnlySpan<Duration?> times)
    {
        foreach (var time in times)
        {
            Require(WireTimes.IsValid(time), cause, "A timeout on the command is negative.");
            WireTimes.Cap(time);
        }
    }

    private static T Of<T>(T? attributes, Cause cause)
        where T : class => attributes ?? throw new BadCommandException(cause, $"{cause}: {typeof(T).Name} is not set on command.");

    private static void Require(bool holds, Cause cause, string message)
    {
        if (!holds)
        {
            throw new BadCommandException(cause, $"{cause}: {message}");
        }
    }
}
