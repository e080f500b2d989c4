using Mainstay.Audit.Sinks;

namespace Mainstay.Audit.Tests.Sinks.Delivering;

[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int Count = 9000;
    private const int MeasureEvery = 6;
    private const int EventBytes = 8 * 1024;
    private const long MostGrowth = 24L << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SinkThatIsSlowerThanTheTrail_KeepsMemoryFlat()
    {
        await using var trail = await TrailDatabase.CreateAsync(Cancellation);
        var text = new string('x', EventBytes);
        await trail.AppendAsync(
            Enumerable.Range(0, Count).Select(_ => TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = text } }), Cancellation);
        var heap = new List<long>();
        var sink = new ScriptedSink(new SinkLimits(100, 1_000_000, 100_000));
        var deliveries = 0;
        sink.Answer = _ =>
        {
            if (deliveries++ % MeasureEvery == 0)
            {
                heap.Add(GC.GetTotalMemory(forceFullCollection: true));
            }

            return Delivery.Complete;
        };

        await using var running = trail.Run(TrailDatabase.Configure(sink));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(Count, sink.Taken.Count);
        Assert.True(heap.Max() - heap[0] < MostGrowth, $"The heap grew by {(heap.Max() - heap[0]) >> 20} MiB while {Count * EventBytes >> 20} MiB went through.");
    }
}
