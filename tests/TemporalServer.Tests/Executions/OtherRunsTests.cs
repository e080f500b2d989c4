using Grpc.Core;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using TemporalServer.Tests.Durability;
using SignalFailure = Temporalio.Api.Enums.V1.SignalExternalWorkflowExecutionFailedCause;

namespace TemporalServer.Tests.Executions;

/// <summary>Signals and cancel requests of one workflow to another, as a Temporal server delivers or refuses them.</summary>
public sealed class OtherRunsTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignalAndCancel_OfItself_FailAndChangeNothing()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("self", "self", Token);
        await client.WorkAsync("self", Token, Commands.Signal("self"), Cancel("self"));

        Assert.Equal(SignalFailure.ExternalWorkflowExecutionNotFound, await SignalFailedAsync(client, "self"));
        Assert.Equal(CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound, await CancelFailedAsync(client, "self"));
        Assert.DoesNotContain(await client.HistoryAsync("self", Token), e => e.EventType is EventType.WorkflowExecutionSignaled or EventType.WorkflowExecutionCancelRequested);
    }

    [Fact]
    public async Task SignalAndCancel_ForChildrenAlone_FailForAnyOtherWorkflow()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("no-child", "nobody", Token);
        await client.StartAsync("no-parent", "no-parent", Token);
        await client.WorkAsync("no-parent", Token, Commands.Signal("no-child", childOnly: true), Cancel("no-child", childOnly: true));

        Assert.Equal(SignalFailure.ExternalWorkflowExecutionNotFound, await SignalFailedAsync(client, "no-parent"));
        Assert.Equal(CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound, await CancelFailedAsync(client, "no-parent"));
        Assert.DoesNotContain(await client.HistoryAsync("no-child", Token), e => e.EventType is EventType.WorkflowExecutionSignaled or EventType.WorkflowExecutionCancelRequested);
    }

    [Fact]
    public async Task SignalAndCancel_ForChildrenAlone_ReachAChild()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("parent", "parent", Token);
        await client.WorkAsync("parent", Token, Commands.Child("child", "nobody"));
        await client.EventAsync("parent", EventType.ChildWorkflowExecutionStarted, Token);
        await client.WorkAsync("parent", Token, Commands.Signal("child", childOnly: true), Cancel("child", childOnly: true));

        var signalled = await client.EventAsync("parent", EventType.ExternalWorkflowExecutionSignaled, Token);
        Assert.Equal("what for", signalled.ExternalWorkflowExecutionSignaledEventAttributes.Control);
        await client.EventAsync("parent", EventType.ExternalWorkflowExecutionCancelRequested, Token);
        await client.EventAsync("child", EventType.WorkflowExecutionSignaled, Token);
        await client.EventAsync("child", EventType.WorkflowExecutionCancelRequested, Token);
    }

    [Fact]
    public async Task SignalAndCancel_OfAClosedWorkflow_FailAndSucceed()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("gone", "nobody", Token);
        await client.Service.TerminateWorkflowExecutionAsync(new() { Namespace = RawClient.Namespace, WorkflowExecution = new() { WorkflowId = "gone" } }, cancellationToken: Token);
        await client.StartAsync("late", "late", Token);
        await client.WorkAsync("late", Token, Commands.Signal("gone"), Cancel("gone"));

        Assert.Equal(SignalFailure.ExternalWorkflowExecutionNotFound, await SignalFailedAsync(client, "late"));
        await client.EventAsync("late", EventType.ExternalWorkflowExecutionCancelRequested, Token);
    }

    [Fact]
    public async Task Commands_BesideTheEndOfTheWorkflow_ReachNobody()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("untouched", "nobody", Token);
        await client.StartAsync("hasty", "hasty", Token);
        await client.WorkAsync("hasty", Token, Commands.Signal("untouched"), Cancel("untouched"), Commands.Child("unborn", "nobody"), Commands.Complete());

        // The next act of the same sender arrives, so that those before it were dealt with.
        await client.StartAsync("hasty", "hasty", Token, requestId: "again");
        await client.WorkAsync("hasty", Token, Commands.Signal("untouched", "second"));
        await client.EventAsync("hasty", EventType.ExternalWorkflowExecutionSignaled, Token);
        var only = Assert.Single(await client.HistoryAsync("untouched", Token), e => e.EventType is EventType.WorkflowExecutionSignaled or EventType.WorkflowExecutionCancelRequested);
        Assert.Equal("second", only.WorkflowExecutionSignaledEventAttributes.SignalName);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.DescribeWorkflowExecutionAsync(
            new() { Namespace = RawClient.Namespace, Execution = new() { WorkflowId = "unborn" } }, cancellationToken: Token));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Theory]
    [InlineData(CommandType.SignalExternalWorkflowExecution, WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes)]
    [InlineData(CommandType.RequestCancelExternalWorkflowExecution, WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes)]
    [InlineData(CommandType.StartChildWorkflowExecution, WorkflowTaskFailedCause.BadStartChildExecutionAttributes)]
    public async Task Command_ForAnotherNamespace_FailsTheTask(CommandType type, WorkflowTaskFailedCause cause)
    {
        using var client = new RawClient(server.Address);
        var command = type switch
        {
            CommandType.SignalExternalWorkflowExecution => Commands.Signal("namesake"),
            CommandType.RequestCancelExternalWorkflowExecution => Cancel("namesake"),
            _ => Commands.Child("namesake", "nobody"),
        };
        var attributes = (Google.Protobuf.IMessage)typeof(Command).GetProperty($"{type}CommandAttributes")!.GetValue(command)!;
        attributes.Descriptor.FindFieldByName("namespace").Accessor.SetValue(attributes, "elsewhere");
        await client.StartAsync($"crossing-{type}", $"crossing-{type}", Token);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => client.WorkAsync($"crossing-{type}", Token, command));
        Assert.Equal((StatusCode.InvalidArgument, $"{cause}: cross namespace commands are not allowed"), (refusal.StatusCode, refusal.Status.Detail));
        Assert.Equal(cause, (await client.EventAsync($"crossing-{type}", EventType.WorkflowTaskFailed, Token)).WorkflowTaskFailedEventAttributes.Cause);
    }

    [Fact]
    public async Task Cancel_OfAChildThatStartsWithTheSameTask_IsRefused()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("undecided", "undecided", Token);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => client.WorkAsync("undecided", Token, Commands.Child("hardly", "nobody"), Cancel("hardly")));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains("Start and RequestCancel for child workflow is not allowed in same workflow task.", refusal.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<SignalFailure> SignalFailedAsync(RawClient client, string workflowId) =>
        (await client.EventAsync(workflowId, EventType.SignalExternalWorkflowExecutionFailed, Token)).SignalExternalWorkflowExecutionFailedEventAttributes.Cause;

    private static async Task<CancelExternalWorkflowExecutionFailedCause> CancelFailedAsync(RawClient client, string workflowId) =>
        (await client.EventAsync(workflowId, EventType.RequestCancelExternalWorkflowExecutionFailed, Token)).RequestCancelExternalWorkflowExecutionFailedEventAttributes.Cause;

    private static Command Cancel(string workflowId, bool childOnly = false) => new()
    {
        CommandType = CommandType.RequestCancelExternalWorkflowExecution,
        RequestCancelExternalWorkflowExecutionCommandAttributes = new() { WorkflowId = workflowId, ChildWorkflowOnly = childOnly },
    };
}
