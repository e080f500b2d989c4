using Grpc.Core;
using Mainstay.TemporalServer.Storage;
using Temporalio.Api.OperatorService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Temporal's OperatorService: custom search attributes.</summary>
internal sealed class OperatorFrontend(Store store, Namespaces namespaces) : OperatorService.OperatorServiceBase
{
    /// <inheritdoc/>
    public override async Task<ListSearchAttributesResponse> ListSearchAttributes(ListSearchAttributesRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        var response = new ListSearchAttributesResponse();
        foreach (var (name, type) in await store.SearchAttributesAsync(request.Namespace))
        {
            response.CustomAttributes[name] = type;
        }

        return response;
    }

    /// <inheritdoc/>
    public override async Task<AddSearchAttributesResponse> AddSearchAttributes(AddSearchAttributesRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        foreach (var (name, type) in request.SearchAttributes)
        {
            await store.AddSearchAttributeAsync(request.Namespace, name, type);
        }

        return new AddSearchAttributesResponse();
    }
}
