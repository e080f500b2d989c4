using System.Diagnostics;
using Grpc.Core;
using Mainstay.Audit.Sinks.Otlp;
using Mainstay.Audit.Tests.Sinks.Stubs;

namespace Mainstay.Audit.Tests.Sinks.Otlp;

public sealed class OtlpGrpcTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // By the table of the specification; what is not to be retried is not dropped, as the table would have it.
    [Theory]
    [InlineData(StatusCode.Cancelled, "Retry")]
    [InlineData(StatusCode.DeadlineExceeded, "Retry")]
    [InlineData(StatusCode.Aborted, "Retry")]
    [InlineData(StatusCode.OutOfRange, "Retry")]
    [InlineData(StatusCode.Unavailable, "Retry")]
    [InlineData(StatusCode.DataLoss, "Retry")]
    [InlineData(StatusCode.Unknown, "Retry")]
    [InlineData(StatusCode.Internal, "Retry")]
    [InlineData(StatusCode.ResourceExhausted, "TooLarge")]
    [InlineData(StatusCode.InvalidArgument, "Refused")]
    [InlineData(StatusCode.NotFound, "Stop")]
    [InlineData(StatusCode.PermissionDenied, "Stop")]
    [InlineData(StatusCode.Unauthenticated, "Stop")]
    [InlineData(StatusCode.FailedPrecondition, "Stop")]
    [InlineData(StatusCode.Unimplemented, "Stop")]
    public void ToDelivery_Code_IsOfItsClassAndSaysNoMore(StatusCode code, string outcome)
    {
        var delivery = GrpcAnswer.ToDelivery(new RpcException(new Status(code, "hunter2")));

        Assert.Equal((outcome, $"it answered {code}"), (delivery.Outcome.ToString(), delivery.Failure));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task Deliver_CollectorSaysWhenToComeAgain_ComesThen(StatusCode code)
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        var refused = 0L;
        scene.Receiver.Refusal = () => Interlocked.CompareExchange(ref refused, Stopwatch.GetTimestamp(), 0) == 0 ? OtlpGrpcCollector.Later(code, Delay) : null;
        var ids = await scene.Trail.AppendAsync(20, Cancellation);

        await scene.DeliverAsync(("first_backoff", "5ms"), ("longest_backoff", "5ms"));

        Assert.True(Stopwatch.GetElapsedTime(refused) >= Delay);
        Assert.Equal(2, scene.Receiver.Requests);
        Assert.Equal(ids, scene.Receiver.Ids);
    }

    [Fact]
    public async Task Deliver_CollectorHasNoRoomForSoMuch_IsSplit()
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        scene.Receiver.MostRecords = 7;
        var ids = await scene.Trail.AppendAsync(100, Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Contains("size", scene.Receiver.Refusals);
        Assert.Empty(await scene.Trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_ManyLargeEvents_StaysWithinWhatCollectorsTake()
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(
            Enumerable.Range(0, 60).Select(_ => TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = new('é', 20_000) } }), Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Empty(scene.Receiver.Refusals);
        Assert.Equal(0, await scene.Trail.StateAsync<int>("failure_count", Cancellation));
    }

    [Fact]
    public async Task Deliver_RecordThatTheCollectorDoesNotTake_GoesToTheDeadLettersAlone()
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        scene.Receiver.Poison = "step_3";
        var ids = await scene.Trail.AppendAsync(10, Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids.Where(id => id != ids[3]), scene.Receiver.Ids);
        Assert.Equal([(ids[3], "it answered InvalidArgument")], await scene.Trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_WrongKey_StopsTheSink()
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run(("headers:x-api-key", "another"));

        Assert.Equal("it answered Unauthenticated", await scene.StoppedAsync(Cancellation));
        Assert.Equal(1, scene.Receiver.Requests);
    }

    [Fact]
    public async Task Deliver_ReceiverIsNoCollector_StopsTheSink()
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        scene.Receiver.Refusal = () => new RpcException(new Status(StatusCode.Unimplemented, ""));
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run();

        Assert.Equal("it answered Unimplemented", await scene.StoppedAsync(Cancellation));
    }
}
