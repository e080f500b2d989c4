using System.Globalization;
using Grpc.Core;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Tests.Search;

public sealed class TailTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    private readonly string workflow = $"workflow-{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TailEvents_CutOffAndResumed_MissesNothingAndGetsNothingTwice()
    {
        using var first = Tail("");
        Assert.True(await first.ResponseStream.MoveNext(Cancellation));
        var cursor = first.ResponseStream.Current.Cursor;
        var published = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            var one = AuditFixture.NewEvent(i % 3 == 2 ? "another" : workflow);
            await audit.PublishAsync(one);
            if (i % 3 != 2)
            {
                published.Add(one.EventId);
            }
        }

        var seen = new List<AuditEvent>();
        while (seen.Count < published.Count)
        {
            using var call = Tail(cursor);
            for (var i = 0; i < 7 && seen.Count < published.Count; i++)
            {
                (var found, cursor) = await NextAsync(call);
                seen.Add(found);
            }
        }

        Assert.Equal(published.Order(), seen.Select(one => one.EventId).Order());
        Assert.Equal(seen.Select(one => one.Sequence).Order(), seen.Select(one => one.Sequence));
    }

    [Fact]
    public async Task TailEvents_FromTheBeginning_StartsWithTheFirst()
    {
        await audit.PublishAsync(AuditFixture.NewEvent(workflow));
        await audit.StoredAsync(workflow, 1);

        using var call = audit.Administrator().TailEvents(new TailEventsRequest { Cursor = "0" }, cancellationToken: Cancellation);
        var (found, cursor) = await NextAsync(call);

        Assert.Equal(1, found.Sequence);
        Assert.Equal("1", cursor);
    }

    [Fact]
    public async Task TailEvents_ReaderThatDoesNotRead_HoldsUpNobody()
    {
        using var slow = audit.Administrator().TailEvents(new TailEventsRequest { Cursor = "0" }, cancellationToken: Cancellation);
        using var quick = Tail("");
        Assert.True(await quick.ResponseStream.MoveNext(Cancellation));
        for (var i = 0; i < 300; i++)
        {
            await audit.PublishAsync(AuditFixture.NewEvent(workflow) with { Attributes = new Dictionary<string, string> { ["long"] = new('x', 4000) } });
        }

        var last = 0L;
        for (var i = 0; i < 300; i++)
        {
            var (found, _) = await NextAsync(quick);
            last = found.Sequence;
        }

        // And once it does read, it gets all.
        var cursor = 0L;
        while (cursor < last)
        {
            (_, var text) = await NextAsync(slow);
            var next = long.Parse(text, CultureInfo.InvariantCulture);
            Assert.Equal(cursor + 1, next);
            cursor = next;
        }
    }

    [Fact]
    public async Task TailEvents_NoCursor_IsRefused()
    {
        using var call = Tail("yesterday");

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
    }

    private AsyncServerStreamingCall<TailEventsResponse> Tail(string cursor) => audit.Administrator().TailEvents(
        new TailEventsRequest { Cursor = cursor, Filter = new EventFilter { WorkflowId = workflow } }, cancellationToken: Cancellation);

    private static async Task<(AuditEvent Event, string Cursor)> NextAsync(AsyncServerStreamingCall<TailEventsResponse> call)
    {
        do
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        }
        while (call.ResponseStream.Current.Event is null);
        return (call.ResponseStream.Current.Event, call.ResponseStream.Current.Cursor);
    }
}
