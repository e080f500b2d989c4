namespace Temporalio.Tests.Mirror;

public sealed class ChildScenarios(MirrorServer server)
{
    [Theory]
    [InlineData("child-success")]
    [InlineData("child-failure")]
    [InlineData("child-terminated")]
    [InlineData("child-cancelled")]
    [InlineData("child-policy-terminate")]
    [InlineData("child-policy-request-cancel")]
    [InlineData("child-policy-abandon")]
    public async Task Child_ThatWaits_WritesTheGoldenHistories(string name)
    {
        await using var t = new Scenario(server.Client, name);
        await t.WorkerAsync();
        var parent = await (name switch
        {
            "child-success" => t.StartAsync("runChild", ["waitGo", new { }]),
            "child-failure" => t.StartAsync("tryChild", ["failAfterGo", new { }, "child broke"]),
            "child-terminated" => t.StartAsync("tryChild", ["waitGo", new { }]),
            "child-cancelled" => t.StartAsync("cancelsChild"),
            _ => t.StartAsync("leavesChild", [name["child-policy-".Length..].ToUpperInvariant().Replace('-', '_')]),
        });
        await t.UntilEventAsync(parent.Id, EventType.WorkflowTaskCompleted, 2);
        var child = t.Client.GetWorkflowHandle($"{parent.Id}/child");
        await t.UntilEventAsync(child.Id, EventType.WorkflowTaskCompleted);
        switch (name)
        {
            case "child-success":
                await child.SignalAsync("go", [new { from = "child" }]);
                break;
            case "child-failure":
                await child.SignalAsync("go", []);
                break;
            case "child-terminated":
                await child.TerminateAsync("by operator");
                break;
            default:
                await parent.SignalAsync("go", []);
                break;
        }

        await Scenario.EndAsync(parent);
        if (name == "child-policy-abandon")
        {
            await child.SignalAsync("go", ["still here"]);
        }

        await Scenario.EndAsync(child);
        t.History("parent", parent.Id);
        t.History("child", child.Id);
        await t.MatchesAsync(results: name is "child-success" || name.StartsWith("child-policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Child_IdInUse_FailsToStart()
    {
        await using var t = new Scenario(server.Client, "child-id-conflict");
        await t.WorkerAsync();
        var other = await t.StartAsync("waitGo", [], null, "main/child");
        await t.UntilEventAsync(other.Id, EventType.WorkflowTaskCompleted);
        var parent = await t.StartAsync("tryChild", ["noop", new { }]);
        await Scenario.EndAsync(parent);
        t.History("parent", parent.Id);
        await t.MatchesAsync(results: false);
        await other.TerminateAsync();
    }

    [Theory]
    [InlineData("external-signal", "signalsOther")]
    [InlineData("external-cancel", "cancelsOther")]
    public async Task External_RunningWorkflow_HearsOfIt(string name, string type)
    {
        // The reason for a cancel request is each SDK's own.
        await using var t = new Scenario(server.Client, name) { Dropped = ["reason", "cause"] };
        await t.WorkerAsync();
        var target = await t.StartAsync("waitGo", [], null, "target");
        await t.UntilEventAsync(target.Id, EventType.WorkflowTaskCompleted);
        var sender = await t.StartAsync(type, name == "external-signal" ? [target.Id, new { hi = 1 }] : [target.Id]);
        await Scenario.EndAsync(sender);
        await Scenario.EndAsync(target);
        t.History("sender", sender.Id);
        t.History("target", target.Id);
        await t.MatchesAsync();
    }

    [Theory]
    [InlineData("external-signal-missing", "signalsOther")]
    [InlineData("external-cancel-missing", "cancelsOther")]
    public async Task External_NoSuchWorkflow_FailsInTheSender(string name, string type)
    {
        await using var t = new Scenario(server.Client, name) { Dropped = ["reason"] };
        await t.WorkerAsync();
        var sender = await t.StartAsync(type, name == "external-signal-missing" ? [t.Name("nobody"), 1] : [t.Name("nobody")]);
        await Scenario.EndAsync(sender);
        t.History("sender", sender.Id);
        await t.MatchesAsync(results: false);
    }
}
