using Grpc.Core;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Calls for a chain of runs by its first run: they never touch another chain that took the workflow id over.</summary>
public sealed class ChainTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cancel")]
    [InlineData("terminate")]
    [InlineData("update")]
    public async Task Call_ForAChainThatIsOver_LeavesTheNextOneAlone(string call)
    {
        using var client = new RawClient(server.Address);
        var first = await StartAsync(client, call, "1");
        await client.WorkAsync(call, Token, Commands.Complete());
        var second = await StartAsync(client, call, "2");

        var refusal = await Assert.ThrowsAsync<RpcException>(() => CallAsync(client, call, new() { WorkflowId = call, RunId = first }, first));
        Assert.Equal((StatusCode.NotFound, "workflow execution not found"), (refusal.StatusCode, refusal.Status.Detail));
        var described = await client.Service.DescribeWorkflowExecutionAsync(new() { Namespace = RawClient.Namespace, Execution = new() { WorkflowId = call } }, cancellationToken: Token);
        Assert.Equal((second, WorkflowExecutionStatus.Running, false), (described.WorkflowExecutionInfo.Execution.RunId, described.WorkflowExecutionInfo.Status, described.WorkflowExtendedInfo.CancelRequested));
    }

    [Theory]
    [InlineData("cancel", EventType.WorkflowExecutionCancelRequested)]
    [InlineData("terminate", EventType.WorkflowExecutionTerminated)]
    public async Task Call_ForAChainThatWentOn_ReachesTheRunThatIsOpen(string call, EventType expected)
    {
        using var client = new RawClient(server.Address);
        var first = await StartAsync(client, $"{call}-on", "1");
        await client.WorkAsync(
            $"{call}-on",
            Token,
            new Temporalio.Api.Command.V1.Command
            {
                CommandType = CommandType.ContinueAsNewWorkflowExecution,
                ContinueAsNewWorkflowExecutionCommandAttributes = new() { WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = $"{call}-on" } },
            });
        await CallAsync(client, call, new() { WorkflowId = $"{call}-on", RunId = first }, first);
        var reached = await client.HistoryAsync($"{call}-on", Token);
        Assert.Equal(first, reached[0].WorkflowExecutionStartedEventAttributes.FirstExecutionRunId);
        Assert.Contains(reached, e => e.EventType == expected);
    }

    [Fact]
    public async Task Cancel_OfAChainThatIsOver_IsDoneAlready()
    {
        using var client = new RawClient(server.Address);
        var first = await StartAsync(client, "over", "1");
        await client.WorkAsync("over", Token, Commands.Complete());
        await CallAsync(client, "cancel", new() { WorkflowId = "over" }, first);
    }

    [Fact]
    public async Task Signal_RepeatedAfterTheEndOfTheRun_IsAnsweredAsTheFirstTime()
    {
        using var client = new RawClient(server.Address);
        await StartAsync(client, "signalled", "1");
        await SignalAsync(client, "request");
        await client.WorkAsync("signalled", Token, Commands.Complete());

        await SignalAsync(client, "request");
        var refusal = await Assert.ThrowsAsync<RpcException>(() => SignalAsync(client, "another"));
        Assert.Equal((StatusCode.NotFound, "workflow execution already completed"), (refusal.StatusCode, refusal.Status.Detail));
        Assert.Single(await client.HistoryAsync("signalled", Token), e => e.EventType == EventType.WorkflowExecutionSignaled);
    }

    private static async Task SignalAsync(RawClient client, string requestId) => await client.Service.SignalWorkflowExecutionAsync(
        new() { Namespace = RawClient.Namespace, WorkflowExecution = new() { WorkflowId = "signalled" }, SignalName = "go", RequestId = requestId }, cancellationToken: Token);

    private static async Task<string> StartAsync(RawClient client, string workflowId, string requestId) => (await client.Service.StartWorkflowExecutionAsync(
        new() { Namespace = RawClient.Namespace, WorkflowId = workflowId, WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = workflowId }, RequestId = requestId }, cancellationToken: Token)).RunId;

    private static async Task CallAsync(RawClient client, string call, WorkflowExecution execution, string firstRunId)
    {
        switch (call)
        {
            case "cancel":
                await client.Service.RequestCancelWorkflowExecutionAsync(new() { Namespace = RawClient.Namespace, WorkflowExecution = execution, FirstExecutionRunId = firstRunId }, cancellationToken: Token);
                break;
            case "terminate":
                await client.Service.TerminateWorkflowExecutionAsync(new() { Namespace = RawClient.Namespace, WorkflowExecution = execution, FirstExecutionRunId = firstRunId }, cancellationToken: Token);
                break;
            default:
                await client.Service.UpdateWorkflowExecutionAsync(
                    new()
                    {
                        Namespace = RawClient.Namespace,
                        WorkflowExecution = new() { WorkflowId = execution.WorkflowId },
                        FirstExecutionRunId = firstRunId,
                        Request = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "set" } },
                    },
                    cancellationToken: Token);
                break;
        }
    }
}
