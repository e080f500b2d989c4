using Grpc.Core;
using Mainstay.Audit.Sinks.Control;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Audit.Grpc;

/// <summary>Hands each rpc to its act; only administrators come that far.</summary>
internal sealed class SinkGrpcService(
    ListSinks listSinks, HoldSink holdSink, ReplaySink replaySink, ListSinkDeadLetters listDeadLetters, RetrySinkDeadLetters retryDeadLetters, TestSink testSink)
    : SinkService.SinkServiceBase
{
    public override async Task<ListSinksResponse> ListSinks(ListSinksRequest request, ServerCallContext context)
    {
        Admin(context);
        return new ListSinksResponse { Sinks = { await listSinks.ExecuteAsync(context.CancellationToken) } };
    }

    public override async Task<PauseSinkResponse> PauseSink(PauseSinkRequest request, ServerCallContext context) =>
        new() { Sink = await holdSink.PauseAsync(request, Admin(context), context.CancellationToken) };

    public override async Task<ResumeSinkResponse> ResumeSink(ResumeSinkRequest request, ServerCallContext context) =>
        new() { Sink = await holdSink.ResumeAsync(request, Admin(context), context.CancellationToken) };

    public override async Task<ReplaySinkResponse> ReplaySink(ReplaySinkRequest request, ServerCallContext context) =>
        new() { Replay = await replaySink.ExecuteAsync(request, Admin(context), context.CancellationToken) };

    public override async Task<ListSinkDeadLettersResponse> ListSinkDeadLetters(ListSinkDeadLettersRequest request, ServerCallContext context)
    {
        Admin(context);
        return await listDeadLetters.ExecuteAsync(request, context.CancellationToken);
    }

    public override async Task<RetrySinkDeadLettersResponse> RetrySinkDeadLetters(RetrySinkDeadLettersRequest request, ServerCallContext context) =>
        new() { RetryCount = await retryDeadLetters.ExecuteAsync(request, Admin(context), context.CancellationToken) };

    public override async Task<TestSinkResponse> TestSink(TestSinkRequest request, ServerCallContext context) =>
        await testSink.ExecuteAsync(request, Admin(context), context.CancellationToken);

    private static string Admin(ServerCallContext context)
    {
        var caller = context.GetCaller();
        AuditErrors.RequireAdmin(caller);
        return caller.Subject;
    }
}
