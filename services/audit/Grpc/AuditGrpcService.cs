using Grpc.Core;
using Mainstay.Audit.DeadLetters;
using Mainstay.Audit.Export;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Search;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Audit.Grpc;

/// <summary>Hands each rpc to its act, once it is recorded that the caller asked; only those who may come that far.</summary>
internal sealed class AuditGrpcService(
    RecordReading recordReading,
    GetEvent getEvent,
    SearchEvents searchEvents,
    TailEvents tailEvents,
    AggregateEvents aggregateEvents,
    ExportEvents exportEvents,
    VerifyChain verifyChain,
    ListCheckpoints listCheckpoints,
    RecordEvents recordEvents,
    ListDeadLetters listDeadLetters,
    GetDeadLetterBody getDeadLetterBody,
    ReplayDeadLetter replayDeadLetter) : AuditService.AuditServiceBase
{
    public override async Task<GetEventResponse> GetEvent(GetEventRequest request, ServerCallContext context)
    {
        var scope = await recordReading.ExecuteAsync(nameof(GetEvent), request, context);
        return new GetEventResponse { Event = await getEvent.ExecuteAsync(request.EventId, scope, context.CancellationToken) };
    }

    public override async Task<SearchEventsResponse> SearchEvents(SearchEventsRequest request, ServerCallContext context)
    {
        var scope = await recordReading.ExecuteAsync(nameof(SearchEvents), request, context);
        return await searchEvents.ExecuteAsync(request, scope, context.CancellationToken);
    }

    public override async Task TailEvents(TailEventsRequest request, IServerStreamWriter<TailEventsResponse> responseStream, ServerCallContext context)
    {
        var scope = await recordReading.ExecuteAsync(nameof(TailEvents), request, context);
        await tailEvents.ExecuteAsync(request, scope, responseStream, context.CancellationToken);
    }

    public override async Task<AggregateEventsResponse> AggregateEvents(AggregateEventsRequest request, ServerCallContext context)
    {
        var scope = await recordReading.ExecuteAsync(nameof(AggregateEvents), request, context);
        return await aggregateEvents.ExecuteAsync(request, scope, context.CancellationToken);
    }

    public override async Task ExportEvents(ExportEventsRequest request, IServerStreamWriter<ExportEventsResponse> responseStream, ServerCallContext context)
    {
        var scope = await recordReading.ExecuteAsync(nameof(ExportEvents), request, context);
        await exportEvents.ExecuteAsync(request, scope, responseStream, context.CancellationToken);
    }

    public override async Task<VerifyChainResponse> VerifyChain(VerifyChainRequest request, ServerCallContext context)
    {
        var scope = await recordReading.ExecuteAsync(nameof(VerifyChain), request, context);
        return await verifyChain.ExecuteAsync(request, scope, context.CancellationToken);
    }

    public override async Task<ListCheckpointsResponse> ListCheckpoints(ListCheckpointsRequest request, ServerCallContext context)
    {
        await recordReading.ExecuteAsync(nameof(ListCheckpoints), request, context);
        return await listCheckpoints.ExecuteAsync(request, context.CancellationToken);
    }

    public override async Task<ListPublicKeysResponse> ListPublicKeys(ListPublicKeysRequest request, ServerCallContext context)
    {
        await recordReading.ExecuteAsync(nameof(ListPublicKeys), request, context);
        return await listCheckpoints.ListKeysAsync(context.CancellationToken);
    }

    public override async Task<RecordEventsResponse> RecordEvents(RecordEventsRequest request, ServerCallContext context)
    {
        await recordReading.ProduceAsync(request, context);
        return await recordEvents.ExecuteAsync(request, context.CancellationToken);
    }

    public override async Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
    {
        await recordReading.AdministerAsync("dead_letter_read", nameof(ListDeadLetters), request, context);
        return await listDeadLetters.ExecuteAsync(request, context.CancellationToken);
    }

    public override async Task GetDeadLetterBody(
        GetDeadLetterBodyRequest request, IServerStreamWriter<GetDeadLetterBodyResponse> responseStream, ServerCallContext context)
    {
        await recordReading.AdministerAsync("dead_letter_read", nameof(GetDeadLetterBody), request, context);
        await getDeadLetterBody.ExecuteAsync(request.DeadLetterId, responseStream, context.CancellationToken);
    }

    public override async Task<ReplayDeadLetterResponse> ReplayDeadLetter(ReplayDeadLetterRequest request, ServerCallContext context)
    {
        await recordReading.AdministerAsync("dead_letter_replay", nameof(ReplayDeadLetter), request, context);
        return await replayDeadLetter.ExecuteAsync(request, context.GetCaller().Principal, context.CancellationToken);
    }
}
