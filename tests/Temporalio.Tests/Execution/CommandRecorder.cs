using Temporalio.Api.Command.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;

namespace Temporalio.Tests.Execution;

/// <summary>Writes the event that a server writes for a command.</summary>
internal static class CommandRecorder
{
    public static HistoryEvent EventOf(Command command, IReadOnlyList<Message> messages) => command.CommandType switch
    {
        CommandType.ScheduleActivityTask => new()
        {
            EventType = EventType.ActivityTaskScheduled,
            ActivityTaskScheduledEventAttributes = new()
            {
                ActivityId = command.ScheduleActivityTaskCommandAttributes.ActivityId,
                ActivityType = command.ScheduleActivityTaskCommandAttributes.ActivityType,
            },
        },
        CommandType.RequestCancelActivityTask => new()
        {
            EventType = EventType.ActivityTaskCancelRequested,
            ActivityTaskCancelRequestedEventAttributes = new() { ScheduledEventId = command.RequestCancelActivityTaskCommandAttributes.ScheduledEventId },
        },
        CommandType.StartTimer => new()
        {
            EventType = EventType.TimerStarted,
            TimerStartedEventAttributes = new() { TimerId = command.StartTimerCommandAttributes.TimerId },
        },
        CommandType.CancelTimer => new()
        {
            EventType = EventType.TimerCanceled,
            TimerCanceledEventAttributes = new() { TimerId = command.CancelTimerCommandAttributes.TimerId },
        },
        CommandType.RecordMarker => Marker(command.RecordMarkerCommandAttributes),
        CommandType.UpsertWorkflowSearchAttributes => new()
        {
            EventType = EventType.UpsertWorkflowSearchAttributes,
            UpsertWorkflowSearchAttributesEventAttributes = new() { SearchAttributes = command.UpsertWorkflowSearchAttributesCommandAttributes.SearchAttributes },
        },
        CommandType.StartChildWorkflowExecution => new()
        {
            EventType = EventType.StartChildWorkflowExecutionInitiated,
            StartChildWorkflowExecutionInitiatedEventAttributes = new()
            {
                WorkflowId = command.StartChildWorkflowExecutionCommandAttributes.WorkflowId,
                WorkflowType = command.StartChildWorkflowExecutionCommandAttributes.WorkflowType,
            },
        },
        CommandType.ProtocolMessage => Update(messages.Single(message => message.Id == command.ProtocolMessageCommandAttributes.MessageId)),
        CommandType.CompleteWorkflowExecution => new() { EventType = EventType.WorkflowExecutionCompleted, WorkflowExecutionCompletedEventAttributes = new() },
        CommandType.FailWorkflowExecution => new() { EventType = EventType.WorkflowExecutionFailed, WorkflowExecutionFailedEventAttributes = new() },
        CommandType.CancelWorkflowExecution => new() { EventType = EventType.WorkflowExecutionCanceled, WorkflowExecutionCanceledEventAttributes = new() },
        CommandType.ContinueAsNewWorkflowExecution => new()
        {
            EventType = EventType.WorkflowExecutionContinuedAsNew,
            WorkflowExecutionContinuedAsNewEventAttributes = new(),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.CommandType, "No event for this command"),
    };

    private static HistoryEvent Marker(RecordMarkerCommandAttributes attributes)
    {
        var recorded = new MarkerRecordedEventAttributes { MarkerName = attributes.MarkerName, Failure = attributes.Failure };
        recorded.Details.Add(attributes.Details);
        return new() { EventType = EventType.MarkerRecorded, MarkerRecordedEventAttributes = recorded };
    }

    private static HistoryEvent Update(Message message) => message.Body.TryUnpack<Acceptance>(out var acceptance)
        ? new()
        {
            EventType = EventType.WorkflowExecutionUpdateAccepted,
            WorkflowExecutionUpdateAcceptedEventAttributes = new()
            {
                ProtocolInstanceId = message.ProtocolInstanceId,
                AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId,
                AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId,
                AcceptedRequest = acceptance.AcceptedRequest,
            },
        }
        : new()
        {
            EventType = EventType.WorkflowExecutionUpdateCompleted,
            WorkflowExecutionUpdateCompletedEventAttributes = new() { Meta = message.Body.Unpack<Response>().Meta },
        };
}
