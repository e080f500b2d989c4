using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Recording.Bus;

public sealed class ConsumeSpansTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    [Fact]
    public async Task Consume_MessageOfATrace_GoesOnWithThatTrace()
    {
        var traceId = ActivityTraceId.CreateRandom();
        var sender = ActivitySpanId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Mainstay.Audit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await audit.PublishAsync(JsonSerializer.Serialize(AuditFixture.NewEvent("traced")), $"00-{traceId}-{sender}-01");
        await Eventually.TrueAsync(() => Task.FromResult(spans.Any(span => span.TraceId == traceId)), TestContext.Current.CancellationToken);

        var span = Assert.Single(spans, span => span.TraceId == traceId);
        Assert.Equal((sender, ActivityKind.Consumer), (span.ParentSpanId, span.Kind));
    }
}
