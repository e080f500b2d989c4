using Grpc.Core;
using Mainstay.Testing;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Runs that have had all the signals and updates that they may have; each of them has room for one more when its test begins.</summary>
public sealed class FullRunTests(FullRunTests.Server server) : IClassFixture<FullRunTests.Server>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signal_BeyondTenThousand_IsRefusedFromEveryoneButARepetition()
    {
        using var client = new RawClient(server.Address);
        await SignalAsync(client, "last");
        await SignalAsync(client, "last");
        await RefusedAsync(() => SignalAsync(client, "one more"));
        await RefusedAsync(async () => await client.Service.SignalWithStartWorkflowExecutionAsync(
            new() { Namespace = RawClient.Namespace, WorkflowId = "signalled", WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "signalled" }, SignalName = "s", RequestId = "other" },
            cancellationToken: Token));

        await client.StartAsync("sender", "sender", Token, taskSeconds: 60);
        await client.WorkAsync("sender", Token, Commands.Signal("signalled"));
        var failed = await client.EventAsync("sender", EventType.SignalExternalWorkflowExecutionFailed, Token);
        Assert.Equal(SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded, failed.SignalExternalWorkflowExecutionFailedEventAttributes.Cause);
    }

    [Fact]
    public async Task Update_BeyondTwoThousand_IsRefusedUnlessItIsKnown()
    {
        using var client = new RawClient(server.Address);
        await AdmitAsync(client, "last");
        var refusal = await Assert.ThrowsAsync<RpcException>(() => AdmitAsync(client, "one more"));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("has been reached (2000)", refusal.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(UpdateWorkflowExecutionLifecycleStage.Completed, (await UpdateAsync(client, "7", "updated")).Stage);
    }

    [Fact]
    public async Task Update_EleventhAtOnce_IsRefusedUntilOneIsDone()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("busy", "busy", Token, taskSeconds: 60);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => AdmitAsync(client, $"{i}", "busy")));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => AdmitAsync(client, "eleventh", "busy"));
        Assert.Equal((StatusCode.ResourceExhausted, "limit on number of concurrent in-flight updates has been reached (10)"), (refusal.StatusCode, refusal.Status.Detail));
        await AdmitAsync(client, "3", "busy");

        await RejectAsync(client, "busy", "3");
        await AdmitAsync(client, "eleventh", "busy");
    }

    private static async Task RejectAsync(RawClient client, string workflowId, string updateId)
    {
        var task = await client.TaskAsync(workflowId, Token);
        await client.Service.RespondWorkflowTaskCompletedAsync(
            new()
            {
                Namespace = RawClient.Namespace,
                TaskToken = task.TaskToken,
                Messages =
                {
                    new Temporalio.Api.Protocol.V1.Message
                    {
                        Id = "refusal",
                        ProtocolInstanceId = updateId,
                        Body = Google.Protobuf.WellKnownTypes.Any.Pack(new Temporalio.Api.Update.V1.Rejection { RejectedRequestMessageId = $"{updateId}/request", Failure = new() { Message = "no" } }),
                    },
                },
            },
            cancellationToken: Token);
    }

    private static async Task SignalAsync(RawClient client, string requestId) => await client.Service.SignalWorkflowExecutionAsync(
        new() { Namespace = RawClient.Namespace, WorkflowExecution = new() { WorkflowId = "signalled" }, SignalName = "s", RequestId = requestId }, cancellationToken: Token);

    private static async Task RefusedAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal((StatusCode.InvalidArgument, "exceeded workflow execution limit for signal events"), (refusal.StatusCode, refusal.Status.Detail));
    }

    // Asks for an update and returns as soon as it waits for the worker.
    private static async Task AdmitAsync(RawClient client, string updateId, string workflowId = "updated")
    {
        var asked = UpdateAsync(client, updateId, workflowId);
        await Eventually.TrueAsync(async () => asked.IsFaulted || await IsKnownAsync(client, updateId, workflowId), Token);
        await (asked.IsFaulted ? asked : Task.CompletedTask);
    }

    private static async Task<bool> IsKnownAsync(RawClient client, string updateId, string workflowId) => await client.CallAsync(
        (service, options) => service.PollWorkflowExecutionUpdateAsync(
            new() { Namespace = RawClient.Namespace, UpdateRef = new() { WorkflowExecution = new() { WorkflowId = workflowId }, UpdateId = updateId } }, options),
        Token) is not null;

    private static async Task<UpdateWorkflowExecutionResponse> UpdateAsync(RawClient client, string updateId, string workflowId) => await client.Service.UpdateWorkflowExecutionAsync(
        new()
        {
            Namespace = RawClient.Namespace,
            WorkflowExecution = new() { WorkflowId = workflowId },
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Accepted },
            Request = new() { Meta = new() { UpdateId = updateId }, Input = new() { Name = "change" } },
        },
        cancellationToken: Token);

    /// <summary>A server whose runs have had much done to them.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly PostgresFixture postgres = new();
        private ServerProcess? server;

        /// <summary>Where it serves.</summary>
        public string Address => server!.Address;

        public async ValueTask InitializeAsync()
        {
            var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
            server = await ServerProcess.StartAsync(database, CancellationToken.None);
            using (var client = new RawClient(server.Address))
            {
                await client.StartAsync("signalled", "signalled", CancellationToken.None, taskSeconds: 60);
                await client.StartAsync("updated", "updated", CancellationToken.None, taskSeconds: 60);
            }

            await server.KillAsync();
            await StoredStates.ChangeAsync(database, "signalled", state => state.SignalCount = 9_999, CancellationToken.None);
            await StoredStates.ChangeAsync(
                database,
                "updated",
                state =>
                {
                    foreach (var i in Enumerable.Range(0, 1999))
                    {
                        state.Updates[$"{i}"] = new() { AcceptedEventId = 5, Outcome = new() { Success = new() } };
                    }
                },
                CancellationToken.None);
            await server.RestartAsync(CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            await postgres.DisposeAsync();
        }
    }
}
