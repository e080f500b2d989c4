using System.Diagnostics;
using Mainstay.Demo;
using Mainstay.LocalStack;
using Mainstay.Testing;

namespace Mainstay.SystemTests;

/// <summary>The demo's run on a server that speaks OpenAI's API, chosen as a person chooses it: by the environment.</summary>
public sealed class RealModelTests : IDisposable
{
    private const string Key = "sk-system-test-key";
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-model-");
    private readonly Process model = Process.Start(new ProcessStartInfo("node", [Path.Combine(Repository.Root, "tests", "System.Tests", "peers", "model.js"), Key])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_KeyAndAddressInTheEnvironment_RunsOnThatModel()
    {
        var given = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = Key,
            ["OPENAI_BASE_URL"] = $"http://127.0.0.1:{await model.StandardOutput.ReadLineAsync(Cancellation)}/v1",
            ["OPENAI_MODEL"] = "peer",
        };
        await using var sink = await WebhookReceiver.StartAsync(Cancellation);
        var settings = SinkSettings.For(sink.Url);
        var choice = ModelChoice.From(given.GetValueOrDefault, settings);
        await using var environment = await LocalEnvironment.StartAsync(
            new() { RunDirectory = directory.FullName, FreePorts = true, Settings = settings, Environment = SinkSettings.Secret(sink.Secret).Concat(given).ToDictionary() }, Cancellation);
        var workspace = Workspace.LayOut(environment.WorkspacePath);
        var run = new CommissioningRun(environment, choice, TextWriter.Null);

        var task = await run.ExecuteAsync(Cancellation);
        var trail = await sink.WaitForTaskAsync(task.TaskId, Cancellation);

        var findings = await Findings.CheckAsync(environment, task, run, trail, workspace, choice, Cancellation);
        Assert.All(findings, finding => Assert.True(finding.Holds, $"{finding.Claim} ({finding.Evidence})"));
        Assert.Equal("peer at " + given["OPENAI_BASE_URL"], choice.Description);
        Assert.Equal("accepted_with_reservations", task.Result.StructValue.Fields["verdict"].StringValue);
        Assert.Equal((4, 400L, 40L), (task.Iteration, task.InputTokens, task.OutputTokens));
        Assert.All(Directory.GetFiles(Path.GetDirectoryName(environment.LogPath("llm-gateway"))!), log => Assert.DoesNotContain(Key, File.ReadAllText(log), StringComparison.Ordinal));
    }

    public void Dispose()
    {
        model.StandardInput.Close();
        model.WaitForExit();
        model.Dispose();
        directory.Delete(recursive: true);
    }
}
