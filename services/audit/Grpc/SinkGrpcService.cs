using Grpc.Core;
using Mainstay.Audit.Search;
using Mainstay.Audit.Sinks.Control;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Grpc;

/// <summary>Hands each rpc to its act; only administrators come that far, and of who does not the trail tells.</summary>
internal sealed class SinkGrpcService(
    RecordReading recordReading,
    ListSinks listSinks,
    HoldSink holdSink,
    ReplaySink replaySink,
    ListSinkDeadLetters listDeadLetters,
    RetrySinkDeadLetters retryDeadLetters,
    TestSink testSink) : SinkService.SinkServiceBase
{
    public override async Task<ListSinksResponse> ListSinks(ListSinksRequest request, ServerCallContext context)
    {
        await recordReading.SteerAsync("sink_read", nameof(ListSinks), request, context);
        return new ListSinksResponse { Sinks = { await listSinks.ExecuteAsync(context.CancellationToken) } };
    }

    public override async Task<PauseSinkResponse> PauseSink(PauseSinkRequest request, ServerCallContext context)
    {
        var actor = await recordReading.SteerAsync("sink_pause", nameof(PauseSink), request, context);
        return new PauseSinkResponse { Sink = await holdSink.PauseAsync(request, actor, context.CancellationToken) };
    }

    public override async Task<ResumeSinkResponse> ResumeSink(ResumeSinkRequest request, ServerCallContext context)
    {
        var actor = await recordReading.SteerAsync("sink_resume", nameof(ResumeSink), request, context);
        return new ResumeSinkResponse { Sink = await holdSink.ResumeAsync(request, actor, context.CancellationToken) };
    }

    public override async Task<ReplaySinkResponse> ReplaySink(ReplaySinkRequest request, ServerCallContext context)
    {
        var actor = await recordReading.SteerAsync("sink_replay", nameof(ReplaySink), request, context);
        return new ReplaySinkResponse { Replay = await replaySink.ExecuteAsync(request, actor, context.CancellationToken) };
    }

    public override async Task<ListSinkDeadLettersResponse> ListSinkDeadLetters(ListSinkDeadLettersRequest request, ServerCallContext context)
    {
        await recordReading.AdministerAsync("sink_dead_letters_read", nameof(ListSinkDeadLetters), request, context);
        return await listDeadLetters.ExecuteAsync(request, context.CancellationToken);
    }

    public override async Task<RetrySinkDeadLettersResponse> RetrySinkDeadLetters(RetrySinkDeadLettersRequest request, ServerCallContext context)
    {
        var actor = await recordReading.SteerAsync("sink_dead_letters_retry", nameof(RetrySinkDeadLetters), request, context);
        return new RetrySinkDeadLettersResponse { RetryCount = await retryDeadLetters.ExecuteAsync(request, actor, context.CancellationToken) };
    }

    public override async Task<TestSinkResponse> TestSink(TestSinkRequest request, ServerCallContext context)
    {
        var actor = await recordReading.SteerAsync("sink_test", nameof(TestSink), request, context);
        return await testSink.ExecuteAsync(request, actor, context.CancellationToken);
    }
}
