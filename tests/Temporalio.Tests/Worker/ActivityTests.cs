using Mainstay.Testing;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Worker;

/// <summary>How a worker runs activities, and how it lets them end.</summary>
public sealed class ActivityTests(MirrorServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activity_OfATypeThatNoMethodHas_GoesToTheDynamicOne()
    {
        [Activity(Dynamic = true)]
        static string Any(IRawValue[] args) => $"{ActivityExecutionContext.Current.Info.ActivityType} {string.Join(' ', args.Select(a => ActivityExecutionContext.Current.PayloadConverter.ToValue<int>(a)))}";

        using var worker = Worker("dynamic-activities", options => options.AddActivity(Any));
        Assert.Equal("unheard 1 2", await worker.ExecuteAsync(() => RunAsync("dynamic-activities", "unheard", [1, 2]), Token));
    }

    [Fact]
    public async Task MaxConcurrentActivities_Two_RunsTwoAtOnceAndNoMore()
    {
        var (now, most, both) = (0, 0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        [Activity]
        async Task<int> Count()
        {
            var running = Interlocked.Increment(ref now);
            most = Math.Max(most, running);
            if (running == 2)
            {
                both.TrySetResult();
            }

            await both.Task;
            Interlocked.Decrement(ref now);
            return running;
        }

        using var worker = Worker("two-slots", options => options.AddActivity(Count).MaxConcurrentActivities = 2);
        await worker.ExecuteAsync(() => server.Client.ExecuteWorkflowAsync((SeveralWorkflow workflow) => workflow.RunAsync("Count", 8), new("two-slots", "two-slots")), Token);
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Heartbeat_ManyAtOnce_SendsTheFirstAndTheLast()
    {
        var meter = new RecordingMeter();
        var client = await TemporalClient.ConnectAsync(meter.Connect(server.Client.Connection.Options.TargetHost!));

        [Activity]
        static async Task<int> Beat()
        {
            var context = ActivityExecutionContext.Current;
            if (context.Info.Attempt > 1)
            {
                return await context.Info.HeartbeatDetailAtAsync<int>(0);
            }

            for (var beat = 1; beat <= 1000; beat++)
            {
                context.Heartbeat(beat);
            }

            throw new ApplicationFailureException("after a thousand");
        }

        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("beats").AddWorkflow<OneActivityWorkflow>().AddActivity(Beat));
        var last = await worker.ExecuteAsync(() => RunAsync("beats", "Beat", []), Token);
        Assert.Equal("1000", last);
        Assert.InRange(meter.Recorded.Count(value => value.Name == "temporal_request" && Equals(value.Tags["operation"], "RecordActivityTaskHeartbeat")), 0, 1);
    }

    [Fact]
    public async Task Heartbeat_UnderWayWhenTheActivityFails_GoesWithTheFailure()
    {
        var codec = new HoldingCodec();
        var options = new TemporalClientConnectOptions(server.Client.Connection.Options.TargetHost!) { DataConverter = DataConverter.Default with { PayloadCodec = codec } };
        var client = await TemporalClient.ConnectAsync(options);

        [Activity]
        async Task<int> FailInTheMiddle()
        {
            var context = ActivityExecutionContext.Current;
            if (context.Info.Attempt > 1)
            {
                return context.Info.HeartbeatDetails.Count == 0 ? 0 : await context.Info.HeartbeatDetailAtAsync<int>(0);
            }

            context.Heartbeat(HoldingCodec.Held);
            await codec.Holding.Task;
            throw new ApplicationFailureException("in the middle");
        }

        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("middle").AddWorkflow<OneActivityWorkflow>().AddActivity(FailInTheMiddle));

        Assert.Equal($"{HoldingCodec.Held}", await worker.ExecuteAsync(() => RunAsync("middle", "FailInTheMiddle", []), Token));
    }

    [Fact]
    public async Task Stop_WithinItsGrace_LetsAnActivityEnd()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        [Activity]
        async Task<string> EndOnRequest()
        {
            var context = ActivityExecutionContext.Current;
            running.SetResult();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, context.WorkerShutdownToken));
            return $"ended {context.CancellationToken.IsCancellationRequested}";
        }

        var handle = await StartAsync("graceful", "EndOnRequest");
        using (var worker = Worker("graceful", options => options.AddActivity(EndOnRequest).GracefulShutdownTimeout = TimeSpan.FromMinutes(1)))
        {
            await worker.ExecuteAsync(() => running.Task, Token);
        }

        using var next = Worker("graceful", options => options.AddActivity(EndOnRequest));
        Assert.Equal("ended False", await next.ExecuteAsync(() => handle.GetResultAsync(), Token));
    }

    [Fact]
    public async Task Stop_BeyondItsGrace_CancelsAnActivityWhichIsTriedAgain()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reasons = new List<ActivityCancelReason>();

        [Activity]
        async Task<string> Wait()
        {
            var context = ActivityExecutionContext.Current;
            if (context.Info.Attempt > 1)
            {
                return $"attempt {context.Info.Attempt}";
            }

            running.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return "never";
            }
            finally
            {
                reasons.Add(context.CancelReason);
            }
        }

        var handle = await StartAsync("graceless", "Wait");
        using (var worker = Worker("graceless", options => options.AddActivity(Wait)))
        {
            await worker.ExecuteAsync(() => running.Task, Token);
        }

        Assert.Equal([ActivityCancelReason.WorkerShutdown], reasons);
        await Eventually.TrueAsync(async () => (await handle.DescribeAsync()).RawDescription.PendingActivities[0].LastFailure?.ApplicationFailureInfo?.Type == "WorkerShutdown", Token);
        using var next = Worker("graceless", options => options.AddActivity(Wait));
        Assert.Equal("attempt 2", await next.ExecuteAsync(() => handle.GetResultAsync(), Token));
    }

    private Task<WorkflowHandle<OneActivityWorkflow, string>> StartAsync(string queue, string activity, params object?[] args) =>
        server.Client.StartWorkflowAsync((OneActivityWorkflow workflow) => workflow.RunAsync(activity, args), new(queue, queue));

    private async Task<string> RunAsync(string queue, string activity, object?[] args) => await (await StartAsync(queue, activity, args)).GetResultAsync();

    private TemporalWorker Worker(string queue, Action<TemporalWorkerOptions> configure)
    {
        var options = new TemporalWorkerOptions(queue).AddWorkflow<OneActivityWorkflow>().AddWorkflow<SeveralWorkflow>();
        configure(options);
        return new TemporalWorker(server.Client, options);
    }

    /// <summary>Changes nothing, and takes so long for one value that the activity which sends it is over by then.</summary>
    private sealed class HoldingCodec : IPayloadCodec
    {
        public const int Held = 4711;

        private static readonly TimeSpan Longer = TimeSpan.FromMilliseconds(50);

        public TaskCompletionSource Holding { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads)
        {
            if (payloads.Any(payload => payload.Data.ToStringUtf8() == $"{Held}") && Holding.TrySetResult())
            {
                await Task.Delay(Longer);
            }

            return payloads;
        }

        public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult(payloads);
    }

    /// <summary>Has one activity done, and says what it gave.</summary>
    [Workflow]
    public sealed class OneActivityWorkflow
    {
        [WorkflowRun]
        public async Task<string> RunAsync(string activity, object?[] args) =>
            $"{await Workflow.ExecuteActivityAsync<System.Text.Json.JsonElement>(activity, args, new() { StartToCloseTimeout = TimeSpan.FromMinutes(5), HeartbeatTimeout = TimeSpan.FromMinutes(1) })}";
    }

    /// <summary>Has an activity done several times at once.</summary>
    [Workflow]
    public sealed class SeveralWorkflow
    {
        [WorkflowRun]
        public Task RunAsync(string activity, int times) =>
            Workflow.WhenAllAsync(Enumerable.Range(0, times).Select(_ => Workflow.ExecuteActivityAsync<int>(activity, [], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) })));
    }
}
