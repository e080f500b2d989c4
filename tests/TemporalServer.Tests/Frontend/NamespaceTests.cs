using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Testing;
using Temporalio.Api.OperatorService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Namespaces that come and go.</summary>
public sealed class NamespaceTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeleteNamespace_WithOpenAndClosedRuns_TakesAllOfItAway()
    {
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var operators = new OperatorService.OperatorServiceClient(channel);
        using var client = new RawClient(server.Address);
        await RegisterAsync(client, "short-lived");
        foreach (var id in new[] { "open", "closed" })
        {
            await client.Service.StartWorkflowExecutionAsync(
                new() { Namespace = "short-lived", WorkflowId = id, WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "q" }, RequestId = id }, cancellationToken: Token);
        }

        await client.Service.TerminateWorkflowExecutionAsync(new() { Namespace = "short-lived", WorkflowExecution = new() { WorkflowId = "closed" } }, cancellationToken: Token);
        var deleted = await operators.DeleteNamespaceAsync(new() { Namespace = "short-lived" }, cancellationToken: Token);
        Assert.StartsWith("short-lived-deleted-", deleted.DeletedNamespace, StringComparison.Ordinal);
        Assert.Equal(StatusCode.NotFound, await RefusalAsync(async () => await client.Service.DescribeNamespaceAsync(new() { Namespace = "short-lived" }, cancellationToken: Token)));

        // The name is free again once nothing is left under it.
        await Eventually.TrueAsync(async () => await RefusalAsync(() => RegisterAsync(client, "short-lived")) is null, Token);
        Assert.Equal(0, (await client.Service.CountWorkflowExecutionsAsync(new() { Namespace = "short-lived" }, cancellationToken: Token)).Count);
        Assert.Equal(StatusCode.NotFound, await RefusalAsync(async () => await client.Service.DescribeWorkflowExecutionAsync(
            new() { Namespace = "short-lived", Execution = new() { WorkflowId = "open" } }, cancellationToken: Token)));
    }

    [Fact]
    public async Task DeleteNamespace_ThatIsNone_IsRefused()
    {
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var operators = new OperatorService.OperatorServiceClient(channel);
        Assert.Equal(StatusCode.NotFound, await RefusalAsync(async () => await operators.DeleteNamespaceAsync(new() { Namespace = "never-was" }, cancellationToken: Token)));
        Assert.Equal(StatusCode.InvalidArgument, await RefusalAsync(async () => await operators.DeleteNamespaceAsync(new(), cancellationToken: Token)));
    }

    [Fact]
    public async Task SearchAttributes_AddedListedAndRemoved_AreWhatRunsMayHave()
    {
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var operators = new OperatorService.OperatorServiceClient(channel);
        using var client = new RawClient(server.Address);
        await operators.AddSearchAttributesAsync(new() { Namespace = RawClient.Namespace, SearchAttributes = { ["Colour"] = Temporalio.Api.Enums.V1.IndexedValueType.Keyword } }, cancellationToken: Token);
        var listed = await operators.ListSearchAttributesAsync(new() { Namespace = RawClient.Namespace }, cancellationToken: Token);
        Assert.Equal(Temporalio.Api.Enums.V1.IndexedValueType.Keyword, listed.CustomAttributes["Colour"]);
        Assert.Contains("WorkflowType", listed.SystemAttributes.Keys);
        Assert.Equal(0, (await client.Service.CountWorkflowExecutionsAsync(new() { Namespace = RawClient.Namespace, Query = "Colour = 'red'" }, cancellationToken: Token)).Count);

        await operators.RemoveSearchAttributesAsync(new() { Namespace = RawClient.Namespace, SearchAttributes = { "Colour" } }, cancellationToken: Token);
        Assert.DoesNotContain("Colour", (await operators.ListSearchAttributesAsync(new() { Namespace = RawClient.Namespace }, cancellationToken: Token)).CustomAttributes.Keys);
        Assert.Equal(StatusCode.InvalidArgument, await RefusalAsync(async () => await client.Service.CountWorkflowExecutionsAsync(new() { Namespace = RawClient.Namespace, Query = "Colour = 'red'" }, cancellationToken: Token)));
        Assert.Equal(StatusCode.NotFound, await RefusalAsync(async () => await operators.RemoveSearchAttributesAsync(new() { Namespace = RawClient.Namespace, SearchAttributes = { "Colour" } }, cancellationToken: Token)));
    }

    private static async Task RegisterAsync(RawClient client, string name) =>
        await client.Service.RegisterNamespaceAsync(new() { Namespace = name, WorkflowExecutionRetentionPeriod = new() { Seconds = 86400 } }, cancellationToken: Token);

    private static async Task<StatusCode?> RefusalAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
