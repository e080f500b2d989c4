using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class HostileInputTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("sub/../../outside.txt")]
    [InlineData("link/outside.txt")]
    [InlineData("/etc/hostname")]
    public async Task CallTool_PathOutOfTheServersFolder_FailsAndShowsNothing(string path)
    {
        var outside = Directory.GetParent(gateway.Workspace)!.FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "outside.txt"), "not for agents", Cancellation);
        File.Delete(Path.Combine(gateway.Workspace, "link"));
        File.CreateSymbolicLink(Path.Combine(gateway.Workspace, "link"), outside);

        var response = await CallAsync(NewCall("filesystem", "read_text_file", $$"""{"path":"{{path}}"}"""));

        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.DoesNotContain("not for agents", response.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"constructor":{"prototype":{"polluted":true}}}""")]
    [InlineData("""{"":"","$ref":"#/x","a.b":[[],[{}]]}""")]
    [InlineData("""{"text":"'; drop table invocation; --","more":"\u0000\u001b[2J\u202e\ud83d\ude42"}""")]
    [InlineData("""{"big":1.7976931348623157E+308,"small":5E-324,"whole":9007199254740991}""")]
    public async Task CallTool_OddArguments_ReachTheServerAsTheyAre(string arguments)
    {
        var call = NewCall("probe", "echo", arguments);
        call.IdempotencyKey = NewName("key");

        var response = await CallAsync(call);

        Assert.Equal(call.Arguments, Struct.Parser.ParseJson(response.Output));
        Assert.True((await CallAsync(call)).Replayed);
    }

    [Fact]
    public async Task CallTool_NumberThatIsNone_IsRefused()
    {
        var call = NewCall("probe", "append");
        call.Arguments.Fields["mark"] = Value.ForNumber(double.PositiveInfinity);

        await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => CallAsync(call));
    }

    [Fact]
    public async Task CallTool_ArgumentsNestedTooDeep_AreRefusedAndDoNoHarm()
    {
        var deep = Value.ForString("bottom");
        for (var i = 0; i < 200; i++)
        {
            deep = Value.ForList(deep);
        }

        var call = NewCall("probe", "echo");
        call.Arguments.Fields["deep"] = deep;

        // Protobuf does not read it, which gRPC answers with this code.
        Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(call))).StatusCode);
        Assert.Equal("{}", (await CallAsync(NewCall("probe", "echo"))).Output);
    }

    [Theory]
    [InlineData("probe", "ap\u001bpend", "tool_name")]
    [InlineData("pro\u0000be", "append", "connector")]
    [InlineData("", "append", "connector")]
    public async Task CallTool_NameThatIsNone_IsRefusedByItsField(string connector, string tool, string field)
    {
        var exception = await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => CallAsync(NewCall(connector, tool)));

        Assert.StartsWith($"{field}: ", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("probe", "*", "TOOL_NOT_FOUND")]
    [InlineData("probe", "../append", "TOOL_NOT_FOUND")]
    [InlineData("Probe", "append", "CONNECTOR_NOT_FOUND")]
    [InlineData("*", "append", "CONNECTOR_NOT_FOUND")]
    public async Task CallTool_NameLikeAPattern_IsTakenByTheLetter(string connector, string tool, string reason) =>
        await FailsAsync(StatusCode.NotFound, reason, () => CallAsync(NewCall(connector, tool)));

    [Fact]
    public async Task CallTool_ResultWithCharactersThatAreNone_IsStoredAndTold()
    {
        var call = NewCall("probe", "odd");
        call.IdempotencyKey = NewName("key");

        var first = await CallAsync(call);
        var second = await CallAsync(call);

        Assert.Equal("nothing \0, escape \u001b[31m", first.Output);
        Assert.Equal((first.Output, true), (second.Output, second.Replayed));
    }

    [Fact]
    public async Task CallTool_ResultThatCannotBeRead_FailsAndLeavesTheServerInPeace()
    {
        await CallAsync(NewCall("probe", "fail"));
        var started = gateway.Journal.ProcessIds.Count;

        var response = await CallAsync(NewCall("probe", "half"));

        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.StartsWith("The tool has run, but its result cannot be read:", response.Output, StringComparison.Ordinal);
        Assert.Equal("the valve is stuck", (await CallAsync(NewCall("probe", "fail"))).Output);
        Assert.Equal(started, gateway.Journal.ProcessIds.Count);
    }

    [Fact]
    public async Task CallTool_ResultOfManyMebibytes_IsCutToOneAndKept()
    {
        var call = NewCall("probe", "large", """{"characters":30000000,"of":"x"}""");
        call.IdempotencyKey = NewName("key");

        var response = await CallAsync(call);

        Assert.Equal(1024 * 1024, Encoding.UTF8.GetByteCount(response.Output));
        Assert.EndsWith("[cut: the result is longer than 1 MiB]", response.Output, StringComparison.Ordinal);
        Assert.Equal(response.Output, (await CallAsync(call)).Output);
    }

    [Theory]
    [InlineData("""{"":"a name that is none"}""")]
    [InlineData("""{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    public async Task CallTool_StructuredResultThatTheContractCannotHold_IsGivenAsText(string content)
    {
        var call = NewCall("probe", "give");
        call.Arguments.Fields["json"] = Value.ForString(content);
        call.IdempotencyKey = NewName("key");

        var response = await CallAsync(call);

        Assert.Equal((CallOutcome.Succeeded, content), (response.Outcome, response.Output));
        Assert.Null(response.StructuredOutput);
        Assert.True((await CallAsync(call)).Replayed);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(2_000_000, false)]
    public async Task CallTool_StructuredResult_IsGivenWhereItIsSmallEnough(int characters, bool isGiven)
    {
        var response = await CallAsync(NewCall("probe", "structured", $$"""{"characters":{{characters}}}"""));

        Assert.Equal(CallOutcome.Succeeded, response.Outcome);
        Assert.Equal(isGiven, response.StructuredOutput is not null);
        Assert.StartsWith("""{"text":"xxx""", response.Output, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(response.Output) <= 1024 * 1024);
    }

    [Fact]
    public async Task CallTool_ToolRefusesLikeAServerThatForgotTheSession_IsCalledOnce()
    {
        await CallAsync(NewCall("probe", "fail"));
        var started = gateway.Journal.ProcessIds.Count;

        var response = await CallAsync(NewCall("probe", "refuse"));

        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.EndsWith("the session of the historian has expired", response.Output, StringComparison.Ordinal);
        Assert.Equal(started, gateway.Journal.ProcessIds.Count);
    }

    private async Task<CallToolResponse> CallAsync(CallToolRequest request) => await gateway.User().CallToolAsync(request, cancellationToken: Cancellation);
}
