using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>An update: rejected, or accepted and then completed; each travels as a message.</summary>
internal sealed class UpdateMachine(CommandBook book, string protocolInstanceId, string requestMessageId, long sequencingEventId, Request request)
{
    public Request Request => request;

    public string Id => request.Meta.UpdateId;

    public void Accept() => Send(
        "accept",
        new Acceptance { AcceptedRequestMessageId = requestMessageId, AcceptedRequestSequencingEventId = sequencingEventId, AcceptedRequest = request },
        EventType.WorkflowExecutionUpdateAccepted,
        e => e.WorkflowExecutionUpdateAcceptedEventAttributes.ProtocolInstanceId == protocolInstanceId);

    public void Reject(Failure failure) => book.AddLoose(Message("reject", new Rejection
    {
        RejectedRequestMessageId = requestMessageId,
        RejectedRequestSequencingEventId = sequencingEventId,
        RejectedRequest = request,
        Failure = failure,
    }));

    public void Complete(Outcome outcome) => Send(
        "complete",
        new Response { Meta = request.Meta, Outcome = outcome },
        EventType.WorkflowExecutionUpdateCompleted,
        e => e.WorkflowExecutionUpdateCompletedEventAttributes.Meta.UpdateId == Id);

    private void Send(string act, IMessage body, EventType expected, Func<HistoryEvent, bool> matches)
    {
        var message = Message(act, body);
        book.Add(new(
            new() { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = message.Id } },
            expected,
            $"ProtocolMessage({act} update {Id})")
        {
            Message = message,
            Matches = matches,
        });
    }

    private Message Message(string act, IMessage body) => new()
    {
        Id = $"{protocolInstanceId}/{act}",
        ProtocolInstanceId = protocolInstanceId,
        Body = Google.Protobuf.WellKnownTypes.Any.Pack(body),
    };
}
