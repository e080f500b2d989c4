using System.Diagnostics;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Extensions.OpenTelemetry;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>One trace from a client through the workflow to its activities.</summary>
public sealed class TracingTests(MirrorServer server)
{
    [Fact]
    public async Task Trace_InterceptorOfTheClient_ReachesTheActivitiesOfItsWorkers()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Temporalio.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var client = await TemporalClient.ConnectAsync(new(server.Client.Connection.Options.TargetHost!) { Interceptors = [new TracingInterceptor()] });
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("traced").AddWorkflow<TracedWorkflow>().AddActivity(TracedWorkflow.TraceId));
        using var caller = new Activity("caller").Start();

        var traces = await worker.ExecuteAsync(
            () => client.ExecuteWorkflowAsync((TracedWorkflow workflow) => workflow.RunAsync(), new("traced", "traced")), cancellationToken);

        Assert.Equal([caller.TraceId.ToString(), caller.TraceId.ToString()], traces);
    }

    /// <summary>Asks two activities for their trace, the second after a wait.</summary>
    [Workflow]
    public sealed class TracedWorkflow
    {
        [Activity]
        public static string TraceId() => Activity.Current?.TraceId.ToString() ?? "";

        [WorkflowRun]
        public async Task<string[]> RunAsync()
        {
            var first = await AskAsync();
            await Workflow.DelayAsync(TimeSpan.FromMilliseconds(10));
            return [first, await AskAsync()];
        }

        private static Task<string> AskAsync() =>
            Workflow.ExecuteActivityAsync(() => TraceId(), new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) });
    }
}
