using Google.Protobuf;
using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Frontend;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Update.V1;

namespace TemporalServer.Tests.Frontend;

/// <summary>How many updates a run may have, with Temporal's codes and words.</summary>
public sealed class UpdateRoomTests
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData(10, 0)]
    [InlineData(0, 10)]
    [InlineData(4, 6)]
    public void Require_TenUnderWay_RefusesAnother(int admitted, int accepted)
    {
        var refusal = Assert.Throws<RpcException>(() => Require(admitted, accepted, completed: 0));
        Assert.Equal((StatusCode.ResourceExhausted, "limit on number of concurrent in-flight updates has been reached (10)"), (refusal.StatusCode, refusal.Status.Detail));
        Require(admitted > 0 ? admitted - 1 : 0, admitted > 0 ? accepted : accepted - 1, completed: 1000);
    }

    [Fact]
    public void Require_TwoThousandInAll_RefusesAnother()
    {
        var refusal = Assert.Throws<RpcException>(() => Require(admitted: 2, accepted: 3, completed: 1995));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.StartsWith("The limit on the total number of distinct updates in this workflow has been reached (2000). ", refusal.Status.Detail, StringComparison.Ordinal);
        Require(admitted: 2, accepted: 3, completed: 1994);
    }

    [Fact]
    public void Require_RejectedOnes_DoNotCount()
    {
        var run = RunWith(admitted: 20, accepted: 0, completed: 1990);
        foreach (var update in run.Updates.Values)
        {
            update.Refusal = new() { Message = "no" };
        }

        UpdateRoom.Require(run, run.State, Ask("another"));
    }

    [Fact]
    public void Require_TooManyBytesUnderWay_RefusesAnother()
    {
        var run = RunWith(admitted: 9, accepted: 0, completed: 0, bytes: 2 * Mebibyte);
        UpdateRoom.Require(run, run.State, Ask("fits", Mebibyte));
        var refusal = Assert.Throws<RpcException>(() => UpdateRoom.Require(run, run.State, Ask("too much", 2 * Mebibyte)));
        Assert.Equal((StatusCode.ResourceExhausted, "limit on total payload size of in-flight updates has been reached (20971520 bytes)"), (refusal.StatusCode, refusal.Status.Detail));
    }

    private static void Require(int admitted, int accepted, int completed)
    {
        var run = RunWith(admitted, accepted, completed);
        UpdateRoom.Require(run, run.State, Ask("another"));
    }

    private static Run RunWith(int admitted, int accepted, int completed, int bytes = 1)
    {
        var state = new RunState();
        foreach (var i in Enumerable.Range(0, accepted + completed))
        {
            state.Updates[$"stored {i}"] = new Update { AcceptedEventId = i + 1, Outcome = i < accepted ? null : new Outcome() };
        }

        var run = new Run(state);
        foreach (var i in Enumerable.Range(0, admitted))
        {
            run.Updates[$"waiting {i}"] = new PendingUpdate(Ask($"waiting {i}", bytes));
        }

        return run;
    }

    private static Request Ask(string id, int bytes = 1) => new()
    {
        Meta = new() { UpdateId = id },
        Input = new() { Name = "change", Args = new() { Payloads_ = { new Payload { Data = ByteString.CopyFrom(new byte[bytes]) } } } },
    };
}
