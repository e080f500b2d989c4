using Dapper;
using Grpc.Core;
using Mainstay.Testing;
using Mainstay.ToolGateway.Tests.Drivers;
using Mainstay.Tools.V1;
using Npgsql;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class GatewayKilledTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallTool_GatewayKilledInTheMiddle_SaysThatItIsNotKnownAndCallsNothing()
    {
        var call = await KillInTheMiddleAsync("wait");

        var response = await CallAsync(call);

        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.StartsWith("It is not known whether this call was made: the gateway was killed while it ran.", response.Output, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Journal.Count($"wait {MarkOf(call)}"));
        Assert.Equal((true, response.Output), ((await CallAsync(call)).Replayed, (await CallAsync(call)).Output));
    }

    [Fact]
    public async Task CallTool_GatewayKilledInTheMiddleOfWhatOnlyReads_CallsAgain()
    {
        var call = await KillInTheMiddleAsync("look");
        var mark = MarkOf(call);

        var running = CallAsync(call);
        await gateway.Journal.HasAsync($"look {mark}", Cancellation, times: 2);
        await CallAsync(NewCall("probe", "release", $$"""{"mark":"{{mark}}"}"""));

        Assert.Equal((CallOutcome.Succeeded, $"released {mark}"), ((await running).Outcome, (await running).Output));
    }

    [Fact]
    public async Task CallTool_AnotherGatewayMakesTheCall_SaysWhenToComeBack()
    {
        await using var other = await GatewayProcess.StartAsync(gateway.Service, Cancellation);
        var call = NewKeyedCall("wait");
        var running = other.Client.CallToolAsync(call, cancellationToken: Cancellation).ResponseAsync;
        await gateway.Journal.HasAsync($"wait {MarkOf(call)}", Cancellation);

        await FailsAsync(StatusCode.Aborted, "IDEMPOTENCY_KEY_BUSY", () => CallAsync(call));

        await other.Client.CallToolAsync(NewCall("probe", "release", $$"""{"mark":"{{MarkOf(call)}}"}"""), cancellationToken: Cancellation);
        Assert.Equal($"released {MarkOf(call)}", (await running).Output);
        Assert.True((await CallAsync(call)).Replayed);
    }

    // Returns the call that another gateway made when it was killed, once that one is taken for dead.
    private async Task<CallToolRequest> KillInTheMiddleAsync(string tool)
    {
        await using var other = await GatewayProcess.StartAsync(gateway.Service, Cancellation);
        var call = NewKeyedCall(tool);
        var running = other.Client.CallToolAsync(call, cancellationToken: Cancellation).ResponseAsync;
        await gateway.Journal.HasAsync($"{tool} {MarkOf(call)}", Cancellation);
        await other.KillAsync();
        await Assert.ThrowsAsync<RpcException>(() => running);
        await FailsAsync(StatusCode.Aborted, "IDEMPOTENCY_KEY_BUSY", () => CallAsync(call));

        await using var database = NpgsqlDataSource.Create(await PostgresFixture.SettingsAsync(gateway.Service.Database));
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("update invocation set lease_until = now() - interval '1 second' where idempotency_key = @IdempotencyKey", call);
        return call;
    }

    private static CallToolRequest NewKeyedCall(string tool)
    {
        var call = NewCall("probe", tool, $$"""{"mark":"{{NewName("mark")}}"}""");
        call.IdempotencyKey = NewName("key");
        return call;
    }

    private static string MarkOf(CallToolRequest call) => call.Arguments.Fields["mark"].StringValue;

    private async Task<CallToolResponse> CallAsync(CallToolRequest request) => await gateway.User().CallToolAsync(request, cancellationToken: Cancellation);
}
