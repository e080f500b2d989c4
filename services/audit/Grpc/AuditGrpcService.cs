using Grpc.Core;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Search;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Audit.Grpc;

/// <summary>Hands each rpc to its act; only readers of the trail come that far.</summary>
internal sealed class AuditGrpcService(GetEvent getEvent, SearchEvents searchEvents, VerifyChain verifyChain) : AuditService.AuditServiceBase
{
    public override async Task<GetEventResponse> GetEvent(GetEventRequest request, ServerCallContext context)
    {
        AuditErrors.RequireReader(context.GetCaller());
        return new GetEventResponse { Event = await getEvent.ExecuteAsync(request.EventId, context.CancellationToken) };
    }

    public override async Task<SearchEventsResponse> SearchEvents(SearchEventsRequest request, ServerCallContext context)
    {
        AuditErrors.RequireReader(context.GetCaller());
        return await searchEvents.ExecuteAsync(request, context.CancellationToken);
    }

    public override async Task<VerifyChainResponse> VerifyChain(VerifyChainRequest request, ServerCallContext context)
    {
        AuditErrors.RequireReader(context.GetCaller());
        return await verifyChain.ExecuteAsync(request, context.CancellationToken);
    }
}
