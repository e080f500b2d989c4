using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Workflows that begin again from a point in their history.</summary>
public sealed class ResetTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_UpdateAcceptedAfterThePoint_IsAskedOfTheNewRunUnlessExcluded(bool excluded)
    {
        var id = $"reset-{excluded}";
        using var client = new RawClient(server.Address);
        await client.StartAsync(id, id, Token, taskSeconds: 60);
        await AnswerAsync(client, await client.TaskAsync(id, Token));
        var asked = client.Service.UpdateWorkflowExecutionAsync(Ask(id), cancellationToken: Token).ResponseAsync;
        await AnswerAsync(client, await client.TaskAsync(id, Token), Accept(), Complete());
        Assert.Equal(UpdateWorkflowExecutionLifecycleStage.Completed, (await asked).Stage);

        // The first workflow task ended with event 4.
        var reset = new ResetWorkflowExecutionRequest { Namespace = RawClient.Namespace, WorkflowExecution = new() { WorkflowId = id }, WorkflowTaskFinishEventId = 4, RequestId = "reset" };
        reset.ResetReapplyExcludeTypes.AddRange(excluded ? [ResetReapplyExcludeType.Update] : []);
        await client.Service.ResetWorkflowExecutionAsync(reset, cancellationToken: Token);
        var task = await client.TaskAsync(id, Token);
        if (excluded)
        {
            Assert.Empty(task.Messages);
            return;
        }

        Assert.Equal("change", Assert.Single(task.Messages).Body.Unpack<Request>().Input.Name);
        Assert.Equal(UpdateAdmittedEventOrigin.Reapply, Assert.Single(task.History.Events, e => e.EventType == EventType.WorkflowExecutionUpdateAdmitted).WorkflowExecutionUpdateAdmittedEventAttributes.Origin);
        await AnswerAsync(client, task, Accept(), Complete());
        var outcome = await client.Service.PollWorkflowExecutionUpdateAsync(
            new() { Namespace = RawClient.Namespace, UpdateRef = new() { WorkflowExecution = new() { WorkflowId = id }, UpdateId = "u" }, WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed } },
            cancellationToken: Token);
        Assert.NotNull(outcome.Outcome.Success);
    }

    private static UpdateWorkflowExecutionRequest Ask(string id) => new()
    {
        Namespace = RawClient.Namespace,
        WorkflowExecution = new() { WorkflowId = id },
        WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
        Request = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "change" } },
    };

    private static Task AnswerAsync(RawClient client, PollWorkflowTaskQueueResponse task, params Message[] messages)
    {
        var request = new RespondWorkflowTaskCompletedRequest { Namespace = RawClient.Namespace, TaskToken = task.TaskToken, Messages = { messages } };
        request.Commands.AddRange(messages.Select(m => new Command { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = m.Id } }));
        return client.CallAsync((service, options) => service.RespondWorkflowTaskCompletedAsync(request, options), Token);
    }

    private static Message Accept() => new()
    {
        Id = "u/accept",
        ProtocolInstanceId = "u",
        Body = Any.Pack(new Acceptance { AcceptedRequestMessageId = "u/request", AcceptedRequest = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "change" } } }),
    };

    private static Message Complete() => new()
    {
        Id = "u/complete",
        ProtocolInstanceId = "u",
        Body = Any.Pack(new Response { Meta = new() { UpdateId = "u" }, Outcome = new() { Success = new Payloads() } }),
    };
}
