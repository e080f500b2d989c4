using Grpc.Core;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.OperatorService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Temporal's OperatorService: custom search attributes, and the end of namespaces.</summary>
internal sealed class OperatorFrontend(Namespaces namespaces, SearchAttributeCatalog attributes) : OperatorService.OperatorServiceBase
{
    /// <inheritdoc/>
    public override Task<ListSearchAttributesResponse> ListSearchAttributes(ListSearchAttributesRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        return Task.FromResult(new ListSearchAttributesResponse
        {
            CustomAttributes = { attributes.Custom(request.Namespace) },
            SystemAttributes = { SearchAttributeCatalog.Predefined.Concat(RunColumns.All.Select(c => KeyValuePair.Create(c.Key, c.Value.Type))).ToDictionary() },
        });
    }

    /// <inheritdoc/>
    public override async Task<AddSearchAttributesResponse> AddSearchAttributes(AddSearchAttributesRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        if (request.SearchAttributes.Count == 0)
        {
            throw ApiErrors.Invalid("SearchAttributes are not set on request.");
        }

        foreach (var (name, type) in request.SearchAttributes)
        {
            if (RunColumns.All.ContainsKey(name) || SearchAttributeCatalog.Predefined.ContainsKey(name))
            {
                throw ApiErrors.Invalid($"Search attribute {name} is reserved by system.");
            }

            if (type == Temporalio.Api.Enums.V1.IndexedValueType.Unspecified || !Enum.IsDefined(type))
            {
                throw ApiErrors.Invalid($"Unknown search attribute type: {type}.");
            }
        }

        foreach (var (name, type) in request.SearchAttributes)
        {
            await attributes.AddAsync(request.Namespace, name, type);
        }

        return new AddSearchAttributesResponse();
    }

    /// <inheritdoc/>
    public override async Task<RemoveSearchAttributesResponse> RemoveSearchAttributes(RemoveSearchAttributesRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        if (request.SearchAttributes.Count == 0)
        {
            throw ApiErrors.Invalid("SearchAttributes are not set on request.");
        }

        foreach (var name in request.SearchAttributes)
        {
            if (!await attributes.RemoveAsync(request.Namespace, name))
            {
                throw ApiErrors.NotFound($"Search attribute {name} doesn't exist.");
            }
        }

        return new RemoveSearchAttributesResponse();
    }

    /// <inheritdoc/>
    public override async Task<DeleteNamespaceResponse> DeleteNamespace(DeleteNamespaceRequest request, ServerCallContext context)
    {
        if ((request.Namespace.Length == 0) == (request.NamespaceId.Length == 0))
        {
            throw ApiErrors.Invalid(request.Namespace.Length == 0 ? "Namespace not set on request." : "Only one of namespace name or Id should be set on request.");
        }

        var info = (request.Namespace.Length > 0 ? namespaces.Require(request.Namespace)
            : namespaces.All.FirstOrDefault(n => n.NamespaceInfo.Id == request.NamespaceId) ?? throw ApiErrors.NoNamespace(request.NamespaceId)).NamespaceInfo;
        await namespaces.RetireAsync(info.Name);
        attributes.Forget(info.Name);
        return new DeleteNamespaceResponse { DeletedNamespace = $"{info.Name}-deleted-{info.Id[..5]}" };
    }
}
