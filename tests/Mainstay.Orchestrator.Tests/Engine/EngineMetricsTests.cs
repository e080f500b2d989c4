using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Tests.Engine;

public sealed class EngineMetricsTests(OrchestratorFixture orchestrator)
{
    [Fact]
    public async Task Metrics_AfterARun_HoldTheSdksUnderTheirKnownNames()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var team = await orchestrator.TeamAsync("answer");
        await team.WatchAsync(await team.StartAsync());
        using var http = new HttpClient();
        string[] expected =
        [
            "temporal_request_total", "temporal_request_latency_seconds_bucket", "temporal_workflow_completed_total", "temporal_workflow_task_execution_latency_seconds_bucket",
            "temporal_activity_execution_latency_seconds_bucket", "temporal_sticky_cache_size", "temporal_worker_task_slots_available",
        ];

        // The run's end is told before the worker hears that its answer has arrived.
        await Mainstay.Testing.Eventually.TrueAsync(
            async () =>
            {
                var text = await http.GetStringAsync(new Uri(orchestrator.Service.HttpAddress, "/metrics"), cancellationToken);
                return expected.All(name => text.Contains($"\n{name}{{", StringComparison.Ordinal)) && text.Contains("workflow_type=\"AgentExecution\"", StringComparison.Ordinal);
            },
            cancellationToken);
    }
}
