using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Starts that bring an update along.</summary>
public sealed class UpdateWithStartTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const int Starts = 50;

    [Fact]
    public async Task Start_WorkerWaitingForTheRun_GetsTheUpdateWithTheFirstTask()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        for (var i = 0; i < Starts; i++)
        {
            using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var polling = client.CallAsync((service, options) => service.PollWorkflowTaskQueueAsync(new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = "together" } }, options), cancellationToken);
            var asked = client.Service.ExecuteMultiOperationAsync(Ask($"together-{i}"), cancellationToken: given.Token).ResponseAsync;
            var task = await polling;
            Assert.Equal("first", Assert.Single(task!.Messages).ProtocolInstanceId);
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => asked);
            await client.CallAsync(
                (service, options) => service.RespondWorkflowTaskCompletedAsync(
                    new()
                    {
                        Namespace = RawClient.Namespace,
                        TaskToken = task.TaskToken,
                        Commands = { new Temporalio.Api.Command.V1.Command { CommandType = Temporalio.Api.Enums.V1.CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() } },
                    },
                    options),
                cancellationToken);
        }
    }

    private static ExecuteMultiOperationRequest Ask(string workflowId) => new()
    {
        Namespace = RawClient.Namespace,
        Operations =
        {
            new ExecuteMultiOperationRequest.Types.Operation
            {
                StartWorkflow = new() { Namespace = RawClient.Namespace, WorkflowId = workflowId, WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "together" }, RequestId = workflowId },
            },
            new ExecuteMultiOperationRequest.Types.Operation
            {
                UpdateWorkflow = new()
                {
                    Namespace = RawClient.Namespace,
                    WorkflowExecution = new() { WorkflowId = workflowId },
                    WaitPolicy = new() { LifecycleStage = Temporalio.Api.Enums.V1.UpdateWorkflowExecutionLifecycleStage.Completed },
                    Request = new() { Meta = new() { UpdateId = "first" }, Input = new() { Name = "set" } },
                },
            },
        },
    };
}
