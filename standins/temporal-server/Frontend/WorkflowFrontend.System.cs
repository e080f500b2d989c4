using Grpc.Core;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>The server itself, and its namespaces.</summary>
internal sealed partial class WorkflowFrontend
{
    // The version of Temporal whose behaviour this server was measured against.
    private const string ServerVersion = "1.31.2";

    /// <inheritdoc/>
    public override Task<GetSystemInfoResponse> GetSystemInfo(GetSystemInfoRequest request, ServerCallContext context) => Task.FromResult(new GetSystemInfoResponse
    {
        ServerVersion = ServerVersion,
        Capabilities = new()
        {
            SignalAndQueryHeader = true,
            InternalErrorDifferentiation = true,
            ActivityFailureIncludeHeartbeat = true,
            EncodedFailureAttributes = true,
            SupportsSchedules = true,
            UpsertMemo = true,
            EagerWorkflowStart = true,
            SdkMetadata = true,
            CountGroupByExecutionStatus = true,
            BuildIdBasedVersioning = true,
        },
    });

    /// <inheritdoc/>
    public override Task<GetClusterInfoResponse> GetClusterInfo(GetClusterInfoRequest request, ServerCallContext context) => Task.FromResult(new GetClusterInfoResponse
    {
        SupportedClients =
        {
            ["temporal-cli"] = "<2.0.0",
            ["temporal-go"] = "<2.0.0",
            ["temporal-java"] = "<2.0.0",
            ["temporal-php"] = "<2.0.0",
            ["temporal-typescript"] = "<2.0.0",
            ["temporal-ui"] = "<3.0.0",
        },
        ServerVersion = ServerVersion,
        ClusterId = store.ClusterId.ToString(),
        ClusterName = "active",
        HistoryShardCount = 1,
        PersistenceStore = "postgresql",
        VisibilityStore = "postgresql",
        InitialFailoverVersion = 1,
        FailoverVersionIncrement = 10,
    });

    /// <inheritdoc/>
    public override Task<GetSearchAttributesResponse> GetSearchAttributes(GetSearchAttributesRequest request, ServerCallContext context) => Task.FromResult(new GetSearchAttributesResponse
    {
        Keys = { SearchAttributeCatalog.Predefined.Concat(RunColumns.All.Select(c => KeyValuePair.Create(c.Key, c.Value.Type))).ToDictionary() },
    });

    /// <inheritdoc/>
    public override async Task<DeprecateNamespaceResponse> DeprecateNamespace(DeprecateNamespaceRequest request, ServerCallContext context)
    {
        await namespaces.UpdateAsync(request.Namespace, description => description.NamespaceInfo.State = Temporalio.Api.Enums.V1.NamespaceState.Deprecated);
        return new DeprecateNamespaceResponse();
    }

    /// <inheritdoc/>
    public override Task<DescribeNamespaceResponse> DescribeNamespace(DescribeNamespaceRequest request, ServerCallContext context) =>
        Task.FromResult(request.Namespace.Length == 0 && request.Id.Length > 0
            ? namespaces.All.FirstOrDefault(n => n.NamespaceInfo.Id == request.Id) ?? throw ApiErrors.NoNamespace(request.Id)
            : namespaces.Require(request.Namespace));

    /// <inheritdoc/>
    public override Task<ListNamespacesResponse> ListNamespaces(ListNamespacesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListNamespacesResponse { Namespaces = { namespaces.All } });

    /// <inheritdoc/>
    public override async Task<RegisterNamespaceResponse> RegisterNamespace(RegisterNamespaceRequest request, ServerCallContext context)
    {
        if (request.Namespace.Length == 0)
        {
            throw ApiErrors.Invalid("Namespace not set on request.");
        }

        if (request.WorkflowExecutionRetentionPeriod is not { Seconds: >= 86400 })
        {
            throw ApiErrors.Invalid("A valid retention period is not set on request.");
        }

        return await namespaces.AddAsync(request)
            ? new RegisterNamespaceResponse()
            : throw ApiErrors.With(StatusCode.AlreadyExists, $"Namespace \"{request.Namespace}\" already exists", new Temporalio.Api.ErrorDetails.V1.NamespaceAlreadyExistsFailure());
    }

    /// <inheritdoc/>
    public override async Task<UpdateNamespaceResponse> UpdateNamespace(UpdateNamespaceRequest request, ServerCallContext context)
    {
        if (request.Config?.WorkflowExecutionRetentionTtl is { Seconds: < 86400 })
        {
            throw ApiErrors.Invalid("A valid retention period is not set on request.");
        }

        var changed = await namespaces.UpdateAsync(request.Namespace, description =>
        {
            var info = description.NamespaceInfo;
            info.Description = request.UpdateInfo is { Description.Length: > 0 } ? request.UpdateInfo.Description : info.Description;
            info.OwnerEmail = request.UpdateInfo is { OwnerEmail.Length: > 0 } ? request.UpdateInfo.OwnerEmail : info.OwnerEmail;
            foreach (var (key, value) in request.UpdateInfo?.Data ?? [])
            {
                info.Data[key] = value;
            }

            description.Config.WorkflowExecutionRetentionTtl = request.Config?.WorkflowExecutionRetentionTtl ?? description.Config.WorkflowExecutionRetentionTtl;
        });
        return new UpdateNamespaceResponse { NamespaceInfo = changed.NamespaceInfo, Config = changed.Config, ReplicationConfig = changed.ReplicationConfig };
    }
}
