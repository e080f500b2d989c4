using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>What workers say of updates: accepted, rejected, completed.</summary>
internal sealed partial class RunChange
{
    private void Apply(Message message)
    {
        try
        {
            if (message.Body.TryUnpack<Acceptance>(out var acceptance))
            {
                Accept(message.ProtocolInstanceId, acceptance);
            }
            else if (message.Body.TryUnpack<Rejection>(out var rejection))
            {
                Reject(message.ProtocolInstanceId, rejection);
            }
            else if (message.Body.TryUnpack<Response>(out var response))
            {
                Respond(message.ProtocolInstanceId, response);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            throw BadMessage("a message's body cannot be read");
        }
    }

    // A server that was started since has forgotten what it asked for: the worker says it again.
    private void Accept(string updateId, Acceptance acceptance)
    {
        var known = State.Updates.GetValueOrDefault(updateId);
        var request = acceptance.AcceptedRequest ?? UpdateRequests(updateId) ?? known?.Request;
        if (updateId.Length == 0 || request is null || known is { AcceptedEventId: > 0 } || request.Meta?.UpdateId != updateId)
        {
            throw BadMessage($"update {updateId} does not wait to be accepted");
        }

        var accepted = Append(new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionUpdateAccepted,
            WorkflowExecutionUpdateAcceptedEventAttributes = new()
            {
                ProtocolInstanceId = updateId,
                AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId,
                AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId,
                AcceptedRequest = request,
            },
        });
        State.Updates[updateId] = new Update { AcceptedEventId = accepted.EventId };
    }

    private void Reject(string updateId, Rejection rejection)
    {
        var known = State.Updates.GetValueOrDefault(updateId);
        if (known is { AcceptedEventId: > 0 })
        {
            throw BadMessage($"update {updateId} is accepted already");
        }

        Rejected.Add((updateId, rejection.Failure ?? new()));
        State.Updates.Remove(updateId);
    }

    private void Respond(string updateId, Response response)
    {
        if (!State.Updates.TryGetValue(updateId, out var update) || update.AcceptedEventId == 0 || update.Outcome is not null)
        {
            throw BadMessage($"update {updateId} is not accepted");
        }

        if (response.Meta?.UpdateId != updateId || response.Outcome is null or { ValueCase: Outcome.ValueOneofCase.None })
        {
            throw BadMessage($"the answer to update {updateId} has no outcome, or is one to another update");
        }

        Append(new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionUpdateCompleted,
            WorkflowExecutionUpdateCompletedEventAttributes = new() { Meta = response.Meta, Outcome = response.Outcome, AcceptedEventId = update.AcceptedEventId },
        });
        update.Outcome = response.Outcome;
    }

    private static BadCommandException BadMessage(string message) =>
        new(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"BadUpdateWorkflowExecutionMessage: {message}");
}
