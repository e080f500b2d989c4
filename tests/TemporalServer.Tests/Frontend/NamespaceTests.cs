using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Testing;
using Temporalio.Api.Enums.V1;
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
    public async Task DeleteNamespace_ServerKilledMeanwhile_IsCarriedOnWithByTheNextOne()
    {
        const int Workflows = 300;
        await using var postgres = new PostgresFixture();
        var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        await using var killed = await ServerProcess.StartAsync(database, Token);
        using var client = new RawClient(killed.Address);
        await RegisterAsync(client, "doomed");
        await Parallel.ForAsync(0, Workflows, Token, async (i, token) => await client.Service.StartWorkflowExecutionAsync(
            new() { Namespace = "doomed", WorkflowId = $"{i}", WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "q" }, RequestId = $"{i}" }, cancellationToken: token));
        using (var channel = GrpcChannel.ForAddress($"http://{killed.Address}"))
        {
            await new OperatorService.OperatorServiceClient(channel).DeleteNamespaceAsync(new() { Namespace = "doomed" }, cancellationToken: Token);
        }

        await killed.KillAsync();
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand("select count(*) from run where namespace = 'doomed'");
        Assert.NotEqual(0L, await count.ExecuteScalarAsync(Token));

        await killed.RestartAsync(Token);
        await Eventually.TrueAsync(async () => await count.ExecuteScalarAsync(Token) is 0L, Token);
        await Eventually.TrueAsync(async () => await RefusalAsync(() => RegisterAsync(client, "doomed")) is null, Token);
        Assert.Equal(0, (await client.Service.CountWorkflowExecutionsAsync(new() { Namespace = "doomed" }, cancellationToken: Token)).Count);
    }

    [Fact]
    public async Task DeprecateNamespace_ThatHasRuns_LetsThemGoOnAndNoneStart()
    {
        using var client = new RawClient(server.Address);
        await RegisterAsync(client, "old");
        await StartAsync("before");
        await client.Service.DeprecateNamespaceAsync(new() { Namespace = "old" }, cancellationToken: Token);

        Assert.Equal(NamespaceState.Deprecated, (await client.Service.DescribeNamespaceAsync(new() { Namespace = "old" }, cancellationToken: Token)).NamespaceInfo.State);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => StartAsync("after"));
        Assert.Equal((StatusCode.FailedPrecondition, "Namespace has invalid state: Deprecated. Must be Registered."), (refusal.StatusCode, refusal.Status.Detail));
        await client.Service.SignalWorkflowExecutionAsync(new() { Namespace = "old", WorkflowExecution = new() { WorkflowId = "before" }, SignalName = "go on" }, cancellationToken: Token);
        Assert.Equal(StatusCode.NotFound, await RefusalAsync(async () => await client.Service.DeprecateNamespaceAsync(new() { Namespace = "never-was" }, cancellationToken: Token)));

        async Task StartAsync(string id) => await client.Service.StartWorkflowExecutionAsync(
            new() { Namespace = "old", WorkflowId = id, WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "q" }, RequestId = id }, cancellationToken: Token);
    }

    [Fact]
    public async Task GetSearchAttributes_OfTheServer_AreItsOwn()
    {
        using var client = new RawClient(server.Address);
        var keys = (await client.Service.GetSearchAttributesAsync(new(), cancellationToken: Token)).Keys;
        Assert.Equal((IndexedValueType.Keyword, IndexedValueType.Datetime, IndexedValueType.Int), (keys["WorkflowId"], keys["StartTime"], keys["HistoryLength"]));
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
        await operators.AddSearchAttributesAsync(new() { Namespace = RawClient.Namespace, SearchAttributes = { ["Colour"] = IndexedValueType.Keyword } }, cancellationToken: Token);
        var listed = await operators.ListSearchAttributesAsync(new() { Namespace = RawClient.Namespace }, cancellationToken: Token);
        Assert.Equal(IndexedValueType.Keyword, listed.CustomAttributes["Colour"]);
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
