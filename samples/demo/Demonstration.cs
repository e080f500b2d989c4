using Mainstay.LocalStack;

namespace Mainstay.Demo;

/// <summary>Brings everything up, runs the commissioning review through a crash, and says what happened.</summary>
internal static class Demonstration
{
    public static async Task<int> RunAsync(bool keep, bool freePorts, CancellationToken cancellationToken)
    {
        await using var sink = await WebhookReceiver.StartAsync(cancellationToken);
        var settings = SinkSettings.For(sink.Url);
        var model = ModelChoice.From(Environment.GetEnvironmentVariable, settings);

        Narrator.Chapter("Starting Mainstay");
        var options = new LocalStackOptions
        {
            FreePorts = freePorts,
            Settings = settings,
            Environment = SinkSettings.Secret(sink.Secret),
            Progress = Console.WriteLine,
        };
        var environment = await LocalEnvironment.StartAsync(options, cancellationToken);
        try
        {
            var workspace = Workspace.LayOut(environment.WorkspacePath);
            var run = new CommissioningRun(environment, model, Console.Out);
            var task = await run.ExecuteAsync(cancellationToken);
            var trail = await sink.WaitForTaskAsync(task.TaskId, cancellationToken);

            Narrator.Report(task, run.Events, trail, workspace);
            var findings = await Findings.CheckAsync(environment, task, run, trail, workspace, model, cancellationToken);
            Narrator.Findings(findings);
            Narrator.LookFurther(environment.Endpoints, task.TaskId, keep);
            return findings.All(finding => finding.Holds) ? 0 : 1;
        }
        finally
        {
            if (!keep || cancellationToken.IsCancellationRequested)
            {
                await environment.DisposeAsync();
            }
        }
    }
}
