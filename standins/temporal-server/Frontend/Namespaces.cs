using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.Replication.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>The registered namespaces, all in memory.</summary>
internal sealed class Namespaces(Store store, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DescribeNamespaceResponse> known = new();

    /// <summary>Reads what is registered, and registers the default namespace of the command line.</summary>
    public async Task LoadAsync(string @default, CancellationToken cancellationToken)
    {
        foreach (var description in await store.NamespacesAsync(cancellationToken))
        {
            if (description.NamespaceInfo.State == NamespaceState.Deleted)
            {
                Retired.Writer.TryWrite(description.NamespaceInfo.Name);
                continue;
            }

            known[description.NamespaceInfo.Name] = WithCapabilities(description);
        }

        if (!known.ContainsKey(@default))
        {
            await AddAsync(new RegisterNamespaceRequest { Namespace = @default, WorkflowExecutionRetentionPeriod = Duration.FromTimeSpan(TimeSpan.FromDays(1)) });
        }
    }

    /// <summary>Refuses a namespace that is not registered.</summary>
    public DescribeNamespaceResponse Require(string name) =>
        name.Length == 0 ? throw ApiErrors.Invalid("Namespace is empty.")
        : known.TryGetValue(name, out var description) ? description : throw ApiErrors.NoNamespace(name);

    /// <summary>Refuses a namespace in which nothing may be started any more.</summary>
    public void RequireForStart(string name)
    {
        if (Require(name).NamespaceInfo.State is not NamespaceState.Registered and var state)
        {
            throw ApiErrors.WrongState(name, state);
        }
    }

    /// <summary>Every namespace.</summary>
    public IEnumerable<DescribeNamespaceResponse> All => known.Values;

    /// <summary>Namespaces that are given up and whose runs have still to go.</summary>
    public Channel<string> Retired { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Gives a namespace up: nobody finds it any more, and what is in it is deleted afterwards.</summary>
    public async Task RetireAsync(string name)
    {
        await UpdateAsync(name, description => description.NamespaceInfo.State = NamespaceState.Deleted);
        known.TryRemove(name, out _);
        Retired.Writer.TryWrite(name);
    }

    /// <summary>Registers a namespace; false when its name is taken.</summary>
    public async Task<bool> AddAsync(RegisterNamespaceRequest request)
    {
        var description = new DescribeNamespaceResponse
        {
            NamespaceInfo = new NamespaceInfo
            {
                Name = request.Namespace,
                State = NamespaceState.Registered,
                Description = request.Description,
                OwnerEmail = request.OwnerEmail,
                Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString(),
                Data = { request.Data },
            },
            Config = new NamespaceConfig
            {
                WorkflowExecutionRetentionTtl = request.WorkflowExecutionRetentionPeriod,
                HistoryArchivalState = ArchivalState.Disabled,
                VisibilityArchivalState = ArchivalState.Disabled,
                BadBinaries = new(),
            },
            ReplicationConfig = new NamespaceReplicationConfig { ActiveClusterName = "active", Clusters = { new ClusterReplicationConfig { ClusterName = "active" } } },
        };
        if (!await store.AddNamespaceAsync(description))
        {
            return false;
        }

        known[request.Namespace] = WithCapabilities(description);
        return true;
    }

    /// <summary>Changes what users may change of a namespace, and returns its description.</summary>
    public async Task<DescribeNamespaceResponse> UpdateAsync(string name, Action<DescribeNamespaceResponse> act)
    {
        var changed = Require(name).Clone();
        act(changed);
        await store.UpdateNamespaceAsync(changed);
        return known[name] = WithCapabilities(changed);
    }

    // What the server can do is a matter of the server, not of what it stored once.
    private static DescribeNamespaceResponse WithCapabilities(DescribeNamespaceResponse description)
    {
        description.NamespaceInfo.SupportsSchedules = true;
        description.NamespaceInfo.Capabilities = new() { EagerWorkflowStart = true, SyncUpdate = true, AsyncUpdate = true, WorkerHeartbeats = true };
        description.NamespaceInfo.Limits = new() { BlobSizeLimitError = Limits.Blob, MemoSizeLimitError = Limits.Blob };
        return description;
    }
}
