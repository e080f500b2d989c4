using Google.Rpc;
using Grpc.Core;
using Mainstay.Testing;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Connectors;

public sealed class ConnectorStartTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crashing", "its program 'sh' ended before it answered")]
    [InlineData("missing", "its command 'no-such-command-anywhere' was not found.")]
    [InlineData("mute", "it did not answer within 1 s (start_timeout).")]
    [InlineData("unreachable", "http://127.0.0.1:1/mcp does not answer: Connection refused")]
    public async Task CallTool_ConnectorThatCannotStart_SaysWhyAndWhenToComeBack(string connector, string why)
    {
        var exception = await FailsAsync(StatusCode.Unavailable, "CONNECTOR_UNAVAILABLE", () => CallAsync(NewCall(connector, "any")));

        Assert.StartsWith($"The connector '{connector}' cannot be used: {why}", exception.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(exception.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), TimeSpan.FromTicks(1), TimeSpan.FromSeconds(36));
    }

    [Fact]
    public async Task CallTool_AnotherConnectorCannotStart_IsNotHeldUp()
    {
        var mute = FailsAsync(StatusCode.Unavailable, "CONNECTOR_UNAVAILABLE", () => CallAsync(NewCall("mute", "any")));

        var response = await CallAsync(NewCall("everything", "echo", """{"message":"here"}"""));

        Assert.Equal("Echo: here", response.Output);
        await mute;
    }

    [Fact]
    public async Task CallTool_DeniedOnAConnectorThatCannotStart_IsDenied()
    {
        var response = await CallAsync(NewCall("crashing", "any", "{}", Rule("no", PermissionEffect.Deny, "*")));

        Assert.Equal(CallOutcome.Denied, response.Outcome);
    }

    [Fact]
    public async Task CallTool_ServerThatSaysWhyItLeaves_IsQuoted()
    {
        var exception = await FailsAsync(StatusCode.Unavailable, "CONNECTOR_UNAVAILABLE", () => CallAsync(NewCall("crashing", "any")));

        Assert.EndsWith("Its last words: no licence found", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTool_ServerThatSaysWhatItWasGiven_IsQuotedWithoutIt()
    {
        var exception = await FailsAsync(StatusCode.Unavailable, "CONNECTOR_UNAVAILABLE", () => CallAsync(NewCall("leaking", "any")));

        Assert.EndsWith("Its last words: cannot log in with ***", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTool_ConnectorThatCanStartAgain_IsStarted()
    {
        await FailsAsync(StatusCode.Unavailable, "CONNECTOR_UNAVAILABLE", () => CallAsync(NewCall("gated", "fail")));

        await File.WriteAllTextAsync(gateway.Gate, "", Cancellation);

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await CallAsync(NewCall("gated", "fail"))).Output == "the valve is stuck";
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    return false;
                }
            },
            Cancellation);
    }

    [Fact]
    public async Task CallTool_ManyAtOnceOnAConnectorNotYetUp_StartItOnce()
    {
        var before = gateway.Journal.ProcessIds.Count;

        var calls = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CallAsync(NewCall("probe", "fail"))));

        Assert.All(calls, call => Assert.Equal("the valve is stuck", call.Output));
        Assert.Equal(before + 1, gateway.Journal.ProcessIds.Count);
    }

    [Fact]
    public async Task CallTool_ServerOverStdio_SeesNoneOfTheGatewaysEnvironment()
    {
        Environment.SetEnvironmentVariable("MAINSTAY_TEST_SECRET", "hidden");

        var response = await CallAsync(NewCall("hasty", "variables"));

        Assert.Equal("HOME PATH PROBE_JOURNAL", response.Output);
    }

    private async Task<CallToolResponse> CallAsync(CallToolRequest request) => await gateway.User().CallToolAsync(request, cancellationToken: Cancellation);
}
