using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Tests.Mirror;
using Temporalio.Worker.Polling;
using Temporalio.Worker.Tuning;

namespace Temporalio.Tests.Worker;

public sealed class TuningTests(MirrorServer server)
{
    [Fact]
    public void Scaler_Autoscaling_FollowsTasksAndAdviceWithinItsBounds()
    {
        var scaler = new PollerScaler(new PollerBehavior.Autoscaling(minimum: 1, maximum: 4, initial: 2));
        Assert.Equal(2, scaler.Target);
        scaler.Answered(withTask: true, null);
        Assert.Equal(3, scaler.Target);
        scaler.Answered(withTask: true, new() { PollRequestDeltaSuggestion = 9 });
        Assert.Equal(4, scaler.Target);
        scaler.Answered(withTask: true, new() { PollRequestDeltaSuggestion = -9 });
        Assert.Equal(1, scaler.Target);
        scaler.Answered(withTask: false, null);
        Assert.Equal(1, scaler.Target);
    }

    [Fact]
    public async Task Scaler_PollerOverTheTarget_WaitsUntilItRises()
    {
        var scaler = new PollerScaler(new PollerBehavior.Autoscaling(1, 2, 1));
        await scaler.AllowedAsync(0, TestContext.Current.CancellationToken);
        var second = scaler.AllowedAsync(1, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        scaler.Answered(withTask: true, null);
        await second;
    }

    [Fact]
    public void ResourceSlots_OverTheTargets_GivesOutTheMinimumOnly()
    {
        var clock = TimeProvider.System;
        SlotReserveContext context = new(SlotType.Activity, "queue", "identity", "", false);
        var tight = new ResourceSlots(new(new(MinimumSlots: 2), new(TargetMemoryUsage: 0, TargetCpuUsage: 0)), SlotType.Activity, clock);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => tight.TryReserveSlot(context) is not null));
        tight.ReleaseSlot(new(null, new()));
        Assert.NotNull(tight.TryReserveSlot(context));

        var wide = new ResourceSlots(new(new(MinimumSlots: 1, MaximumSlots: 3, RampThrottle: TimeSpan.Zero), new(TargetMemoryUsage: 1000, TargetCpuUsage: 1000)), SlotType.Activity, clock);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => wide.TryReserveSlot(context) is not null));
    }

    [Fact]
    public async Task RateLimit_OfTenASecond_LetsThemThroughEvenly()
    {
        var limit = new RateLimit(10, TimeProvider.System);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.True(limit.WaitAsync(TestContext.Current.CancellationToken).IsCompleted);
        await Task.WhenAll(limit.WaitAsync(TestContext.Current.CancellationToken), limit.WaitAsync(TestContext.Current.CancellationToken));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.15), TimeSpan.MaxValue);
        Assert.True(new RateLimit(null, TimeProvider.System).WaitAsync(TestContext.Current.CancellationToken).IsCompleted);
    }

    [Fact]
    public async Task Worker_WithASlotSupplierOfItsOwn_ReservesUsesAndReleases()
    {
        await using var t = new Scenario(server.Client, "activity-success");
        var supplier = new CountingSupplier();
        await t.WorkerAsync(
            t.Queue,
            options =>
            {
                var others = new FixedSizeSlotSupplier(10);
                options.Tuner = new(others, supplier, others, others);
                options.ActivityTaskPollerBehavior = new PollerBehavior.Autoscaling(1, 3, 1);
                options.WorkflowTaskPollerBehavior = new PollerBehavior.Autoscaling(1, 3, 1);
                options.MaxActivitiesPerSecond = 1000;
            },
            [Activity("double")] (int number) => number * 2);
        var handle = await t.StartAsync("manyActivities", ["double", new { startToCloseTimeout = "30s" }, 5]);
        var doubled = await handle.GetResultAsync<int[]>();
        Assert.Equal([0, 2, 4, 6, 8], doubled);
        await t.StopWorkersAsync();

        Assert.Equal(5, supplier.Used.Count(type => type == "double"));
        Assert.Equal(supplier.Reserved, supplier.Released);
    }

    private sealed class CountingSupplier : CustomSlotSupplier
    {
        private int reserved;
        private int released;

        public ConcurrentQueue<string> Used { get; } = new();

        public int Reserved => reserved;

        public int Released => released;

        public override Task<SlotPermit> ReserveSlotAsync(SlotReserveContext ctx, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref reserved);
            return Task.FromResult(new SlotPermit(ctx.TaskQueue));
        }

        public override SlotPermit? TryReserveSlot(SlotReserveContext ctx) => null;

        public override void MarkSlotUsed(SlotMarkUsedContext ctx) => Used.Enqueue(((SlotInfo.ActivitySlotInfo)ctx.SlotInfo).ActivityType);

        public override void ReleaseSlot(SlotReleaseContext ctx) => Interlocked.Increment(ref released);
    }
}
