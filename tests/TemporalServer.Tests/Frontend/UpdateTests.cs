using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Updates whose worker does not answer as it should.</summary>
public sealed class UpdateTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_WorkerNeverComesBack_GoesToTheNextOne()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("left", "left", Token, taskSeconds: 1);
        var asked = client.Service.UpdateWorkflowExecutionAsync(UpdateMessages.Ask("left"), cancellationToken: Token).ResponseAsync;
        Assert.Single((await TaskWithUpdateAsync(client, "left")).Messages);

        // A machine that stalls may time this attempt out as well, and the next.
        RespondWorkflowTaskCompletedResponse? answered = null;
        while (answered is null)
        {
            var task = await client.TaskAsync("left", Token);
            Assert.Single(task.Messages);
            answered = await client.CallAsync((service, options) => service.RespondWorkflowTaskCompletedAsync(UpdateMessages.Answer(task), options), Token);
        }

        Assert.NotNull((await asked).Outcome.Success);
    }

    [Fact]
    public async Task Update_TaskCompletedWithoutAWordOfIt_IsRejected()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("unheard", "unheard", Token, taskSeconds: 60);
        var asked = client.Service.UpdateWorkflowExecutionAsync(UpdateMessages.Ask("unheard"), cancellationToken: Token).ResponseAsync;
        var task = await TaskWithUpdateAsync(client, "unheard");
        await client.Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = RawClient.Namespace, TaskToken = task.TaskToken }, cancellationToken: Token);
        Assert.Equal("UnprocessedUpdate", (await asked).Outcome.Failure.ApplicationFailureInfo.Type);
    }

    [Fact]
    public async Task Update_WorkflowContinuesAsNewMeanwhile_IsAskedOfTheNextRun()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("onward", "onward", Token, taskSeconds: 60);
        var asked = client.Service.UpdateWorkflowExecutionAsync(UpdateMessages.Ask("onward"), cancellationToken: Token).ResponseAsync;
        var task = await TaskWithUpdateAsync(client, "onward");
        var onward = new Command
        {
            CommandType = CommandType.ContinueAsNewWorkflowExecution,
            ContinueAsNewWorkflowExecutionCommandAttributes = new() { WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "onward" } },
        };
        await client.Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = RawClient.Namespace, TaskToken = task.TaskToken, Commands = { onward } }, cancellationToken: Token);

        var next = await TaskWithUpdateAsync(client, "onward");
        await client.Service.RespondWorkflowTaskCompletedAsync(UpdateMessages.Answer(next), cancellationToken: Token);
        var answer = await asked;
        Assert.NotNull(answer.Outcome.Success);
        Assert.Equal(next.WorkflowExecution.RunId, answer.UpdateRef.WorkflowExecution.RunId);
    }

    // A task that comes before the update has arrived is given back.
    private static async Task<PollWorkflowTaskQueueResponse> TaskWithUpdateAsync(RawClient client, string queue)
    {
        while (true)
        {
            var task = await client.TaskAsync(queue, Token);
            if (task.Messages.Count > 0)
            {
                return task;
            }

            await client.CallAsync((service, options) => service.RespondWorkflowTaskCompletedAsync(new() { Namespace = RawClient.Namespace, TaskToken = task.TaskToken }, options), Token);
        }
    }
}
