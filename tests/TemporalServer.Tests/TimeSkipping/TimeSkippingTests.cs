using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Testing;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TestService.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.TimeSkipping;

/// <summary>A server that skips time: days pass at once while nothing is under way, and at their own pace while something is.</summary>
public sealed class TimeSkippingTests(TimeSkippingTests.Server server) : IClassFixture<TimeSkippingTests.Server>, IAsyncLifetime
{
    // Nothing beside the days that are skipped, on however slow a machine.
    private static readonly TimeSpan Moment = TimeSpan.FromHours(1);

    private readonly RawClient client = new(server.Address);
    private readonly GrpcChannel channel = GrpcChannel.ForAddress($"http://{server.Address}");
    private readonly string queue = $"skipping-{Guid.NewGuid()}";
    private string? started;

    private TestService.TestServiceClient Time => new(channel);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Timer_OfThirtyDays_FiresAtOnceWhileUnlocked()
    {
        var before = await NowAsync();
        var watch = Stopwatch.StartNew();
        await StartAsync("sleeper");
        await AnswerAsync(await PollAsync(), Timer(TimeSpan.FromDays(30)));
        await Time.UnlockTimeSkippingAsync(new(), cancellationToken: Token);
        var woken = await PollAsync();
        await Time.LockTimeSkippingAsync(new(), cancellationToken: Token);
        await AnswerAsync(woken, Complete());

        var history = await client.HistoryAsync("sleeper", Token);
        Assert.True(watch.Elapsed < Moment);
        Assert.InRange(await NowAsync() - before, TimeSpan.FromDays(30), TimeSpan.FromDays(30) + Moment);
        var started = history.Single(e => e.EventType == EventType.TimerStarted).EventTime.ToDateTime();
        var fired = history.Single(e => e.EventType == EventType.TimerFired).EventTime.ToDateTime();
        Assert.InRange(fired - started, TimeSpan.FromDays(30), TimeSpan.FromDays(30) + Moment);
    }

    [Fact]
    public async Task Time_Locked_RunsAtItsOwnPace()
    {
        var before = await NowAsync();
        await StartAsync("patient");
        await AnswerAsync(await PollAsync(), Timer(TimeSpan.FromDays(1)));
        Assert.InRange(await NowAsync() - before, TimeSpan.Zero, Moment);
        Assert.DoesNotContain(await client.HistoryAsync("patient", Token), e => e.EventType == EventType.TimerFired);
    }

    [Fact]
    public async Task Time_ActivityUnderWay_IsNotSkippedUntilItEnds()
    {
        await StartAsync("working");
        await AnswerAsync(await PollAsync(), Timer(TimeSpan.FromDays(1)), Activity());
        var activity = await client.CallAsync((service, options) => service.PollActivityTaskQueueAsync(new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = queue } }, options), Token);
        var before = await NowAsync();
        await Time.UnlockTimeSkippingAsync(new(), cancellationToken: Token);
        await Time.SleepAsync(new SleepRequest { Duration = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(300)) }, cancellationToken: Token);
        Assert.InRange(await NowAsync() - before, TimeSpan.FromMilliseconds(300), Moment);

        await client.CallAsync((service, options) => service.RespondActivityTaskCompletedAsync(new() { Namespace = RawClient.Namespace, TaskToken = activity!.TaskToken }, options), Token);
        await AnswerAsync(await PollAsync());
        var woken = await PollAsync();
        await AnswerAsync(woken, Complete());
        Assert.InRange(await NowAsync() - before, TimeSpan.FromHours(23), TimeSpan.FromDays(1) + Moment);
        await Time.LockTimeSkippingAsync(new(), cancellationToken: Token);
    }

    [Fact]
    public async Task ActivityRetry_WithHoursBetween_IsTriedAtOnce()
    {
        var watch = Stopwatch.StartNew();
        await StartAsync("retrying");
        await AnswerAsync(await PollAsync(), Activity());
        await Time.UnlockTimeSkippingAsync(new(), cancellationToken: Token);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var task = await client.CallAsync((service, options) => service.PollActivityTaskQueueAsync(new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = queue } }, options), Token);
            Assert.Equal(attempt, task!.Attempt);
            await client.CallAsync(
                (service, options) => service.RespondActivityTaskFailedAsync(new() { Namespace = RawClient.Namespace, TaskToken = task.TaskToken, Failure = new() { ApplicationFailureInfo = new() } }, options), Token);
        }

        await Time.LockTimeSkippingAsync(new(), cancellationToken: Token);
        Assert.True(watch.Elapsed < Moment);
    }

    [Fact]
    public async Task Sleep_Unlocking_JumpsNoFurtherThanAsked()
    {
        await StartAsync("later");
        await AnswerAsync(await PollAsync(), Timer(TimeSpan.FromDays(10)));
        var before = await NowAsync();
        await Time.UnlockTimeSkippingWithSleepAsync(new SleepRequest { Duration = Duration.FromTimeSpan(TimeSpan.FromDays(4)) }, cancellationToken: Token);
        Assert.InRange(await NowAsync() - before, TimeSpan.FromDays(4), TimeSpan.FromDays(4) + Moment);
        await Time.SleepUntilAsync(new SleepUntilRequest { Timestamp = Timestamp.FromDateTimeOffset(before) }, cancellationToken: Token);
        Assert.DoesNotContain(await client.HistoryAsync("later", Token), e => e.EventType == EventType.TimerFired);
    }

    [Fact]
    public async Task Unlock_WithoutALock_IsRefused()
    {
        await Time.UnlockTimeSkippingAsync(new(), cancellationToken: Token);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Time.UnlockTimeSkippingAsync(new(), cancellationToken: Token));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        refusal = await Assert.ThrowsAsync<RpcException>(async () => await Time.UnlockTimeSkippingWithSleepAsync(new SleepRequest { Duration = new() { Seconds = 1 } }, cancellationToken: Token));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        await Time.LockTimeSkippingAsync(new(), cancellationToken: Token);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    // What is left open would move the next test's clock.
    public async ValueTask DisposeAsync()
    {
        if (started is not null)
        {
            await client.CallAsync((service, options) => service.TerminateWorkflowExecutionAsync(new() { Namespace = RawClient.Namespace, WorkflowExecution = new() { WorkflowId = started } }, options), Token);
        }

        channel.Dispose();
        client.Dispose();
    }

    private Task StartAsync(string workflowId)
    {
        started = workflowId;
        return client.StartAsync(workflowId, queue, Token, taskSeconds: 600);
    }

    private async Task<DateTimeOffset> NowAsync() => (await Time.GetCurrentTimeAsync(new Empty(), cancellationToken: Token)).Time.ToDateTimeOffset();

    private async Task<PollWorkflowTaskQueueResponse> PollAsync()
    {
        PollWorkflowTaskQueueResponse? task = null;
        await Eventually.TrueAsync(
            async () => (task = await client.CallAsync((service, options) => service.PollWorkflowTaskQueueAsync(new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = queue } }, options), Token))
                is { TaskToken.IsEmpty: false },
            Token);
        return task!;
    }

    private Task AnswerAsync(PollWorkflowTaskQueueResponse task, params Command[] commands) => client.CallAsync(
        (service, options) => service.RespondWorkflowTaskCompletedAsync(new() { Namespace = RawClient.Namespace, TaskToken = task.TaskToken, Commands = { commands } }, options), Token);

    private static Command Timer(TimeSpan wait) => new()
    {
        CommandType = CommandType.StartTimer,
        StartTimerCommandAttributes = new() { TimerId = "1", StartToFireTimeout = Duration.FromTimeSpan(wait) },
    };

    private Command Activity() => new()
    {
        CommandType = CommandType.ScheduleActivityTask,
        ScheduleActivityTaskCommandAttributes = new()
        {
            ActivityId = "1",
            ActivityType = new() { Name = "work" },
            TaskQueue = new() { Name = queue },
            StartToCloseTimeout = Duration.FromTimeSpan(TimeSpan.FromHours(1)),
            RetryPolicy = new() { InitialInterval = Duration.FromTimeSpan(TimeSpan.FromHours(2)), BackoffCoefficient = 2 },
        },
    };

    private static Command Complete() => new() { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() };

    /// <summary>One server for all of them; each leaves the lock held that the server starts with.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly PostgresFixture postgres = new();
        private ServerProcess? process;

        /// <summary>Where it serves.</summary>
        public string Address => process!.Address;

        public async ValueTask InitializeAsync() =>
            process = await ServerProcess.StartAsync((await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString, CancellationToken.None, "--time-skipping");

        public async ValueTask DisposeAsync()
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            await postgres.DisposeAsync();
        }
    }
}
