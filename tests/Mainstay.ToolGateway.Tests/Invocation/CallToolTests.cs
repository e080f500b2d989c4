using Google.Rpc;
using Grpc.Core;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class CallToolTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private const int Mebibyte = 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallTool_OverStdio_ReturnsWhatTheToolSays()
    {
        await File.WriteAllTextAsync(Path.Combine(gateway.Workspace, "limits.csv"), "name,limit\ncapacity,40\n", Cancellation);

        var response = await CallAsync(NewCall("filesystem", "read_text_file", """{"path":"limits.csv"}"""));

        Assert.Equal(CallOutcome.Succeeded, response.Outcome);
        Assert.Contains("capacity,40", response.Output, StringComparison.Ordinal);
        Assert.Equal(PermissionEffect.Allow, response.Decision.Effect);
        Assert.Equal(64, response.Decision.PolicyVersion.Length);
        Assert.False(response.Replayed);
    }

    [Fact]
    public async Task CallTool_OverHttp_ReturnsWhatTheToolSays()
    {
        var response = await CallAsync(NewCall("everything", "echo", """{"message":"grüß dich 🙂"}"""));

        Assert.Equal((CallOutcome.Succeeded, "Echo: grüß dich 🙂"), (response.Outcome, response.Output));
    }

    [Fact]
    public async Task CallTool_ToolWithStructuredContent_ReturnsIt()
    {
        var response = await CallAsync(NewCall("everything", "get-structured-content", """{"location":"Chicago"}"""));

        Assert.Equal(36, response.StructuredOutput.Fields["temperature"].NumberValue);
    }

    [Fact]
    public async Task CallTool_ContentThatIsNoText_IsNamedInItsPlace()
    {
        var response = await CallAsync(NewCall("probe", "media"));

        Assert.StartsWith("first\n", response.Output, StringComparison.Ordinal);
        Assert.Contains("image/png", response.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nlast", response.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTool_ToolReportsAnError_Fails()
    {
        var response = await CallAsync(NewCall("probe", "fail"));

        Assert.Equal((CallOutcome.Failed, "the valve is stuck"), (response.Outcome, response.Output));
    }

    [Fact]
    public async Task CallTool_ResultTooLarge_IsCutBetweenCharactersAndMarked()
    {
        // One byte and then four at a time: the limit falls into the middle of a character.
        var response = await CallAsync(NewCall("probe", "large", """{"characters":400000,"of":"🙂"}"""));

        Assert.Equal(CallOutcome.Succeeded, response.Outcome);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(response.Output) <= Mebibyte);
        Assert.DoesNotContain('\uFFFD', response.Output);
        Assert.Contains("cut", response.Output[^200..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTool_ArgumentsTooLarge_AreRefused()
    {
        var arguments = $$"""{"mark":"{{new string('x', Mebibyte)}}"}""";

        var exception = await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => CallAsync(NewCall("probe", "append", arguments)));

        Assert.Equal("arguments", Assert.Single(exception.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"mark":1}""")]
    public async Task CallTool_ArgumentsThatDoNotFitTheSchema_FailWithoutACall(string arguments)
    {
        var before = gateway.Journal.Lines.Count(line => line.StartsWith("append", StringComparison.Ordinal));

        var response = await CallAsync(NewCall("probe", "append", arguments));

        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.Contains("mark", response.Output, StringComparison.Ordinal);
        Assert.Equal(before, gateway.Journal.Lines.Count(line => line.StartsWith("append", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("nowhere", "echo", "CONNECTOR_NOT_FOUND")]
    [InlineData("probe", "no-such-tool", "TOOL_NOT_FOUND")]
    public async Task CallTool_UnknownName_IsNotFound(string connector, string tool, string reason) =>
        await FailsAsync(StatusCode.NotFound, reason, () => CallAsync(NewCall(connector, tool)));

    [Fact]
    public async Task CallTool_SlowerThanTheConnectorsTimeout_FailsAndTellsTheServer()
    {
        var mark = NewName("mark");

        var response = await CallAsync(NewCall("hasty", "wait", $$"""{"mark":"{{mark}}"}"""));

        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.Contains("within 0.5 s", response.Output, StringComparison.Ordinal);
        await gateway.Journal.HasAsync($"cancelled {mark}", Cancellation);
    }

    [Fact]
    public async Task CallTool_CallerGoesAway_TellsTheServer()
    {
        var mark = NewName("mark");
        using var call = gateway.User().CallToolAsync(NewCall("probe", "wait", $$"""{"mark":"{{mark}}"}"""), cancellationToken: Cancellation);
        await gateway.Journal.HasAsync($"wait {mark}", Cancellation);

        call.Dispose();

        await gateway.Journal.HasAsync($"cancelled {mark}", Cancellation);
    }

    [Fact]
    public async Task CallTool_WithoutAToken_IsRefused()
    {
        var client = new ToolService.ToolServiceClient(gateway.Service.Channel);

        var exception = await Assert.ThrowsAsync<RpcException>(() => client.CallToolAsync(NewCall("probe", "fail"), cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
    }

    private async Task<CallToolResponse> CallAsync(CallToolRequest request) => await gateway.User().CallToolAsync(request, cancellationToken: Cancellation);
}
