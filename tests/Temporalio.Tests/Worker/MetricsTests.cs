using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Worker;

[Workflow]
public sealed class MeasuringWorkflow
{
    [WorkflowRun]
    public async Task RunAsync()
    {
        Workflow.MetricMeter.CreateCounter<long>("workflow_steps").Add(1, [new("step", "first")]);
        await Workflow.ExecuteActivityAsync<int>("measure", [], new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
        Workflow.MetricMeter.CreateCounter<long>("workflow_steps").Add(1, [new("step", "second")]);
    }
}

public sealed class MetricsTests(MirrorServer server)
{
    private static readonly string[] Expected =
    [
        "temporal_worker_start", "temporal_num_pollers", "temporal_worker_task_slots_available", "temporal_worker_task_slots_used", "temporal_request", "temporal_request_latency",
        "temporal_long_request", "temporal_long_request_latency", "temporal_workflow_task_queue_poll_succeed", "temporal_workflow_task_schedule_to_start_latency",
        "temporal_workflow_task_replay_latency", "temporal_workflow_task_execution_latency", "temporal_sticky_cache_hit", "temporal_sticky_cache_size", "temporal_workflow_completed",
        "temporal_workflow_endtoend_latency", "temporal_activity_schedule_to_start_latency", "temporal_activity_execution_latency", "temporal_activity_succeed_endtoend_latency",
    ];

    [Fact]
    public async Task Workflow_RunToItsEnd_IsMeasuredUnderTheKnownNames()
    {
        var (meter, queue) = (new RecordingMeter(), $"metrics-{Guid.NewGuid():n}");
        var client = await TemporalClient.ConnectAsync(meter.Connect(server.Client.Connection.Options.TargetHost!));
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue).AddWorkflow<MeasuringWorkflow>().AddActivity([Activity("measure")] () =>
        {
            ActivityExecutionContext.Current.MetricMeter.CreateHistogram<double>("activity_size").Record(2.5);
            return 1;
        }));
        await worker.ExecuteAsync(() => client.ExecuteWorkflowAsync((MeasuringWorkflow workflow) => workflow.RunAsync(), new(queue, queue)), TestContext.Current.CancellationToken);

        Assert.Empty(Expected.Except(meter.Recorded.Select(value => value.Name)));
        var completed = meter.Recorded.Single(value => value.Name == "temporal_workflow_completed");
        Assert.Equal(("default", queue, nameof(MeasuringWorkflow)[..^"Workflow".Length] + "Workflow", "temporal-core-sdk"), (completed.Tags["namespace"], completed.Tags["task_queue"], completed.Tags["workflow_type"], completed.Tags["service_name"]));
        var size = meter.Recorded.Single(value => value.Name == "activity_size");
        Assert.Equal((2.5, "measure"), (size.Value, size.Tags["activity_type"]));
    }

    [Fact]
    public async Task Workflow_Replayed_CountsNothingTwice()
    {
        var (meter, queue) = (new RecordingMeter(), $"metrics-{Guid.NewGuid():n}");
        var client = await TemporalClient.ConnectAsync(meter.Connect(server.Client.Connection.Options.TargetHost!));
        using var worker = new TemporalWorker(
            client, new TemporalWorkerOptions(queue) { MaxCachedWorkflows = 0 }.AddWorkflow<MeasuringWorkflow>().AddActivity([Activity("measure")] () => 1));
        await worker.ExecuteAsync(() => client.ExecuteWorkflowAsync((MeasuringWorkflow workflow) => workflow.RunAsync(), new(queue, queue)), TestContext.Current.CancellationToken);

        Assert.Equal(["first", "second"], meter.Recorded.Where(value => value.Name == "workflow_steps").Select(value => value.Tags["step"]));
    }

    [Fact]
    public async Task Call_ThatFails_IsCountedWithItsStatus()
    {
        var meter = new RecordingMeter();
        var client = await TemporalClient.ConnectAsync(meter.Connect(server.Client.Connection.Options.TargetHost!));
        await Assert.ThrowsAsync<Exceptions.RpcException>(() => client.GetWorkflowHandle($"nobody-{Guid.NewGuid():n}").DescribeAsync());

        var failure = meter.Recorded.Single(value => value.Name == "temporal_request_failure");
        Assert.Equal(("DescribeWorkflowExecution", "NOT_FOUND"), (failure.Tags["operation"], failure.Tags["status_code"]));
    }
}
