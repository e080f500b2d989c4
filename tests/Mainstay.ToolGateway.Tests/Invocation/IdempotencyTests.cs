using Grpc.Core;
using Mainstay.Testing;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class IdempotencyTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallTool_SameKeyAndCall_ReturnsTheStoredResult()
    {
        var call = NewCall("append", out var mark);

        var first = await CallAsync(call);
        var second = await CallAsync(call);

        Assert.Equal((false, true), (first.Replayed, second.Replayed));
        second.Replayed = false;
        Assert.Equal(first, second);
        Assert.Equal(1, gateway.Journal.Count($"append {mark}"));
    }

    [Theory]
    [InlineData("""{"mark":"another"}""", "append", "probe")]
    [InlineData(null, "look", "probe")]
    [InlineData(null, "append", "hasty")]
    public async Task CallTool_SameKeyForAnotherCall_IsRefused(string? arguments, string tool, string connector)
    {
        var call = NewCall("append", out _);
        await CallAsync(call);

        call.Arguments = arguments is null ? call.Arguments : Google.Protobuf.WellKnownTypes.Struct.Parser.ParseJson(arguments);
        (call.ToolName, call.Connector) = (tool, connector);

        await FailsAsync(StatusCode.AlreadyExists, "IDEMPOTENCY_KEY_REUSED", () => CallAsync(call));
        Assert.Equal(0, gateway.Journal.Count("append another"));
    }

    [Fact]
    public async Task CallTool_SameKeyOfAnotherTeam_IsAnotherCall()
    {
        var call = NewCall("append", out var mark);

        await CallAsync(call);
        var response = await gateway.User(team: "grid").CallToolAsync(call, cancellationToken: Cancellation);

        Assert.False(response.Replayed);
        Assert.Equal(2, gateway.Journal.Count($"append {mark}"));
    }

    [Fact]
    public async Task CallTool_SameKeyManyTimesAtOnce_CallsOnceAndTellsAll()
    {
        var call = NewCall("wait", out var mark);

        var running = Enumerable.Range(0, 8).Select(_ => CallAsync(call)).ToList();
        await gateway.Journal.HasAsync($"wait {mark}", Cancellation);
        await ReleaseAsync(mark);

        Assert.All(await Task.WhenAll(running), response => Assert.Equal($"released {mark}", response.Output));
        Assert.Equal(1, gateway.Journal.Count($"wait {mark}"));
    }

    [Fact]
    public async Task CallTool_CallerGoesAwayAndComesBack_GetsTheResultOfTheOneCall()
    {
        var call = NewCall("wait", out var mark);
        using (var first = gateway.User().CallToolAsync(call, cancellationToken: Cancellation))
        {
            await gateway.Journal.HasAsync($"wait {mark}", Cancellation);
        }

        var second = CallAsync(call);
        await ReleaseAsync(mark);

        Assert.Equal((CallOutcome.Succeeded, $"released {mark}"), ((await second).Outcome, (await second).Output));
        Assert.Equal((1, 0), (gateway.Journal.Count($"wait {mark}"), gateway.Journal.Count($"cancelled {mark}")));
    }

    [Fact]
    public async Task CallTool_ConnectorWasUnavailable_MayBeCalledUnderTheSameKey()
    {
        var call = NewCall("append", out var mark);
        call.Connector = "gated";
        await FailsAsync(StatusCode.Unavailable, "CONNECTOR_UNAVAILABLE", () => CallAsync(call));

        await File.WriteAllTextAsync(gateway.Gate, "", Cancellation);
        var output = "";
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    output = (await CallAsync(call)).Output;
                    return true;
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    return false;
                }
            },
            Cancellation);

        Assert.Equal($"appended {mark}", output);
    }

    [Fact]
    public async Task CallTool_KeyTooLong_IsRefused()
    {
        var call = NewCall("append", out _);
        call.IdempotencyKey = new string('k', 257);

        var exception = await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => CallAsync(call));

        Assert.StartsWith("idempotency_key: ", exception.Status.Detail, StringComparison.Ordinal);
    }

    private async Task ReleaseAsync(string mark) => await CallAsync(ToolGatewayFixture.NewCall("probe", "release", $$"""{"mark":"{{mark}}"}"""));

    private async Task<CallToolResponse> CallAsync(CallToolRequest request) => await gateway.User().CallToolAsync(request, cancellationToken: Cancellation);

    private static CallToolRequest NewCall(string tool, out string mark)
    {
        mark = NewName("mark");
        var call = ToolGatewayFixture.NewCall("probe", tool, $$"""{"mark":"{{mark}}"}""");
        call.IdempotencyKey = NewName("key");
        return call;
    }
}
