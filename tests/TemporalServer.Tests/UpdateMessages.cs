using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace TemporalServer.Tests;

/// <summary>What clients and workers say of updates.</summary>
internal static class UpdateMessages
{
    /// <summary>Asks a workflow for an update, and waits until it is completed.</summary>
    public static UpdateWorkflowExecutionRequest Ask(string workflowId, string updateId = "u") => new()
    {
        Namespace = Durability.RawClient.Namespace,
        WorkflowExecution = new() { WorkflowId = workflowId },
        WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
        Request = new() { Meta = new() { UpdateId = updateId }, Input = new() { Name = "change" } },
    };

    /// <summary>A worker's completion of a task that accepts an update and answers it.</summary>
    public static RespondWorkflowTaskCompletedRequest Answer(PollWorkflowTaskQueueResponse task, string updateId = "u", params Command[] then)
    {
        Message[] messages =
        [
            Message("accepted", updateId, new Acceptance { AcceptedRequestMessageId = $"{updateId}/request" }),
            Message("answered", updateId, new Response { Meta = new() { UpdateId = updateId }, Outcome = new() { Success = new() } }),
        ];
        var protocol = messages.Select(m => new Command { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = m.Id } });
        return new() { Namespace = Durability.RawClient.Namespace, TaskToken = task.TaskToken, Messages = { messages }, Commands = { protocol.Concat(then) } };
    }

    private static Message Message(string id, string updateId, IMessage body) => new() { Id = id, ProtocolInstanceId = updateId, Body = Any.Pack(body) };
}
