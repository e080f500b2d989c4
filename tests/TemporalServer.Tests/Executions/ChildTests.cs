using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Executions;

/// <summary>Children: what they begin with, and whose ids they may have.</summary>
public sealed class ChildTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Child_Started_HasWhatItsParentSaysOfItAndInherits()
    {
        using var client = new RawClient(server.Address);
        await client.Service.StartWorkflowExecutionAsync(
            new()
            {
                Namespace = RawClient.Namespace,
                WorkflowId = "parent",
                WorkflowType = new() { Name = "raw" },
                TaskQueue = new() { Name = "parent" },
                Priority = new() { PriorityKey = 2, FairnessKey = "tenant" },
                RequestId = "parent",
            },
            cancellationToken: Token);
        var command = Commands.Child("child", "nobody", asked =>
        {
            asked.CronSchedule = "0 0 1 1 *";
            asked.WorkflowExecutionTimeout = new() { Seconds = 60 };
            asked.Priority = new() { PriorityKey = 4 };
        });
        command.UserMetadata = new() { Summary = new Payload { Data = ByteString.CopyFromUtf8("the yearly one") } };
        await client.WorkAsync("parent", Token, command);
        await client.EventAsync("parent", EventType.ChildWorkflowExecutionStarted, Token);

        var first = Assert.Single(await client.HistoryAsync("child", Token));
        Assert.Equal("the yearly one", first.UserMetadata.Summary.Data.ToStringUtf8());
        var started = first.WorkflowExecutionStartedEventAttributes;
        Assert.Equal(new Priority { PriorityKey = 4, FairnessKey = "tenant" }, started.Priority);
        Assert.Equal(ContinueAsNewInitiator.CronSchedule, started.Initiator);
        Assert.NotEqual(TimeSpan.Zero, started.FirstWorkflowTaskBackoff.ToTimeSpan());
        Assert.Equal(first.EventTime.ToDateTime().AddMinutes(1), started.WorkflowExecutionExpirationTime.ToDateTime(), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(WorkflowIdReusePolicy.AllowDuplicate, EventType.ChildWorkflowExecutionStarted)]
    [InlineData(WorkflowIdReusePolicy.AllowDuplicateFailedOnly, EventType.StartChildWorkflowExecutionFailed)]
    [InlineData(WorkflowIdReusePolicy.RejectDuplicate, EventType.StartChildWorkflowExecutionFailed)]
    [InlineData(WorkflowIdReusePolicy.TerminateIfRunning, EventType.ChildWorkflowExecutionStarted)]
    public async Task Child_IdOfACompletedWorkflow_IsUnderThePolicy(WorkflowIdReusePolicy policy, EventType expected)
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync($"done-{policy}", $"done-{policy}", Token);
        await client.WorkAsync($"done-{policy}", Token, Commands.Complete());
        await StartChildAsync(client, $"done-{policy}", policy, expected);
    }

    [Theory]
    [InlineData(WorkflowIdReusePolicy.AllowDuplicate, EventType.StartChildWorkflowExecutionFailed)]
    [InlineData(WorkflowIdReusePolicy.TerminateIfRunning, EventType.ChildWorkflowExecutionStarted)]
    public async Task Child_IdOfARunningWorkflow_IsUnderThePolicy(WorkflowIdReusePolicy policy, EventType expected)
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync($"running-{policy}", "nobody", Token);
        await StartChildAsync(client, $"running-{policy}", policy, expected);
        var newest = (await client.HistoryAsync($"running-{policy}", Token))[0].WorkflowExecutionStartedEventAttributes;
        Assert.Equal(expected == EventType.ChildWorkflowExecutionStarted, newest.ParentWorkflowExecution is not null);
    }

    private static async Task<HistoryEvent> StartChildAsync(RawClient client, string workflowId, WorkflowIdReusePolicy policy, EventType expected)
    {
        await client.StartAsync($"parent-of-{workflowId}", $"parent-of-{workflowId}", Token);
        await client.WorkAsync($"parent-of-{workflowId}", Token, Commands.Child(workflowId, "nobody", asked => asked.WorkflowIdReusePolicy = policy));
        return await client.EventAsync($"parent-of-{workflowId}", expected, Token);
    }
}
