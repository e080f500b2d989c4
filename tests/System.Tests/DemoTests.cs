using System.Text.Json.Nodes;
using Mainstay.Demo;
using Mainstay.Testing;

namespace Mainstay.SystemTests;

/// <summary>The demo's run, with its refusal, its approval and its crash, held to all that it claims.</summary>
[Collection(StackFixture.Collection)]
public sealed class DemoTests(StackFixture stack)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_OrchestratorKilledInTheMiddle_KeepsEveryClaim()
    {
        var environment = stack.Environment;
        var model = new ModelChoice("the rehearsal script", IsRehearsal: true);
        var workspace = Workspace.LayOut(environment.WorkspacePath);
        var run = new CommissioningRun(environment, model, TextWriter.Null);

        var task = await run.ExecuteAsync(Cancellation);
        var trail = await stack.Sink.WaitForTaskAsync(task.TaskId, Cancellation);
        var findings = await Findings.CheckAsync(environment, task, run, trail, workspace, model, Cancellation);

        Assert.All(findings, finding => Assert.True(finding.Holds, $"{finding.Claim} ({finding.Evidence})"));
        Assert.Equal("the stored answer", AnswerAfterTheCrash(run));
        await EveryPrintedCommandWorksAsync(task.TaskId);
        await EveryEventKeepsTheContractAsync(trail.Count);
    }

    // The file holds what all services published, in the order of the trail.
    private async Task EveryEventKeepsTheContractAsync(int least)
    {
        JsonObject[] events = [];
        await Eventually.TrueAsync(
            () =>
            {
                events = File.Exists(stack.AuditFile) ? [.. File.ReadLines(stack.AuditFile).Select(line => JsonNode.Parse(line)!.AsObject())] : [];
                return events.Length >= least;
            },
            Cancellation);
        Assert.Equal(Enumerable.Range(1, events.Length), events.Select(one => (int)one["sequence"]!));
        Assert.True(events.Select(one => (string)one["service"]!).Distinct().Count() >= 4);
        Assert.All(events, one => Assert.Empty(AuditContract.Violations(one)));
    }

    // The question that the crash cut off was asked again under its key, and answered from what the gateway had kept or was still receiving.
    private static string AnswerAfterTheCrash(CommissioningRun run) =>
        run.Events.Count(taskEvent => taskEvent.Type == "llm_call.started" && taskEvent.Data.Fields["iteration"].NumberValue == 3) > 1
        && run.Events.Count(taskEvent => taskEvent.Type == "llm_call.completed" && taskEvent.Data.Fields["iteration"].NumberValue == 3) == 1
            ? "the stored answer"
            : "another answer";

    private async Task EveryPrintedCommandWorksAsync(string taskId)
    {
        var printed = FurtherCommands.For(stack.Environment.Endpoints, taskId, keep: true).Where(line => line.StartsWith("grpcurl", StringComparison.Ordinal)).ToList();
        Assert.True(printed.Count >= 4);
        foreach (var line in printed)
        {
            Assert.NotEmpty(await Peer.BufAsync(GrpcurlLine.AsBufCurl(line, stack.Token())));
        }
    }
}
