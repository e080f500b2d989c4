using System.Diagnostics;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Connectors;

public sealed class ConnectorDeathTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallTool_ServerKilledInTheMiddle_SaysThatItIsNotKnownAndStartsItForTheNext()
    {
        var mark = NewName("mark");
        var running = CallAsync(NewCall("probe", "wait", $$"""{"mark":"{{mark}}"}"""));
        await gateway.Journal.HasAsync($"wait {mark}", Cancellation);

        await KillProbeAsync();

        var response = await running;
        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.Equal("The connector 'probe' died during this call; it is not known whether the call was made. Look at the effect before you call again.", response.Output);
        Assert.Equal(1, gateway.Journal.Count($"wait {mark}"));
        await AppendsAsync();
    }

    [Fact]
    public async Task CallTool_ServerKilledInTheMiddleOfWhatOnlyReads_AsksTheNextOne()
    {
        var mark = NewName("mark");
        var running = CallAsync(NewCall("probe", "look", $$"""{"mark":"{{mark}}"}"""));
        await gateway.Journal.HasAsync($"look {mark}", Cancellation);

        await KillProbeAsync();
        await gateway.Journal.HasAsync($"look {mark}", Cancellation, times: 2);
        await CallAsync(NewCall("probe", "release", $$"""{"mark":"{{mark}}"}"""));

        Assert.Equal((CallOutcome.Succeeded, $"released {mark}"), ((await running).Outcome, (await running).Output));
    }

    [Fact]
    public async Task CallTool_ServerKilledBetweenCalls_StartsIt()
    {
        await AppendsAsync();

        await KillProbeAsync();

        await AppendsAsync();
    }

    [Fact]
    public async Task CallTool_ServerThatLeavesInTheMiddle_SaysThatItIsNotKnown()
    {
        var response = await CallAsync(NewCall("probe", "exit"));

        Assert.Equal(CallOutcome.Failed, response.Outcome);
        Assert.Contains("it is not known whether the call was made", response.Output, StringComparison.Ordinal);
        await AppendsAsync();
    }

    [Fact]
    public async Task CallTool_ManyCallsWhenTheServerIsKilled_AllEnd()
    {
        var marks = Enumerable.Range(0, 6).Select(_ => NewName("mark")).ToList();
        var running = marks.Select(mark => CallAsync(NewCall("probe", "wait", $$"""{"mark":"{{mark}}"}"""))).ToList();
        foreach (var mark in marks)
        {
            await gateway.Journal.HasAsync($"wait {mark}", Cancellation);
        }

        await KillProbeAsync();

        Assert.All(await Task.WhenAll(running), response => Assert.Equal(CallOutcome.Failed, response.Outcome));
        await AppendsAsync();
    }

    [Fact]
    public async Task CallTool_ServerOverHttpStartedAnew_TalksToTheNewOne()
    {
        await EchoesAsync("before");

        await gateway.RestartEverythingAsync();

        await EchoesAsync("after");
    }

    private async Task KillProbeAsync()
    {
        using var process = Process.GetProcessById(gateway.Journal.ProcessIds[^1]);
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
    }

    private async Task AppendsAsync()
    {
        var mark = NewName("mark");
        Assert.Equal($"appended {mark}", (await CallAsync(NewCall("probe", "append", $$"""{"mark":"{{mark}}"}"""))).Output);
        Assert.Equal(1, gateway.Journal.Count($"append {mark}"));
    }

    private async Task EchoesAsync(string message) =>
        Assert.Equal($"Echo: {message}", (await CallAsync(NewCall("everything", "echo", $$"""{"message":"{{message}}"}"""))).Output);

    private async Task<CallToolResponse> CallAsync(CallToolRequest request) => await gateway.User().CallToolAsync(request, cancellationToken: Cancellation);
}
