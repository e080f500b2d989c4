using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ToolGateway.Connectors;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Decides about a tool call and makes it, once under one idempotency key however often it is asked.</summary>
internal sealed class CallTool(ConnectorRegistry connectors, PolicyReader policies, InvocationStore store, RunningCalls running, MakeCall makeCall, TimeProvider clock)
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    public async Task<CallToolResponse> ExecuteAsync(CallToolRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var invocation = ToolInvocation.From(request, caller);
        var connector = connectors.Find(request.Connector);
        var policy = await policies.ReadAsync(caller, request.Scope, cancellationToken);
        await CheckApprovalAsync(invocation, policy);
        return invocation.Key is { } key
            ? await ExecuteOnceAsync(new PlannedCall(invocation, connector, policy), key, cancellationToken)
            : await makeCall.ExecuteAsync(new PlannedCall(invocation, connector, policy), cancellationToken);
    }

    // An approval that is not for this call is somebody's mistake or somebody's trick; both belong in the trail.
    private async Task CheckApprovalAsync(ToolInvocation invocation, Policy policy)
    {
        try
        {
            ApprovalChecks.Check(invocation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.PermissionDenied)
        {
            await store.RecordAsync(InvocationAudit.Unanswered(clock, invocation, policy.Decide(invocation.Tool, invocation.Arguments), TimeSpan.Zero, e));
            throw;
        }
    }

    private async Task<CallToolResponse> ExecuteOnceAsync(PlannedCall call, InvocationKey key, CancellationToken cancellationToken)
    {
        if (await FindStoredAsync(key, cancellationToken) is { } stored && !(key.IsApproved && stored.Outcome == CallOutcome.NeedsApproval))
        {
            return stored;
        }

        // A caller that comes back while its call is under way waits for that one.
        return await running.JoinOrStart(call, key).WaitAsync(cancellationToken)
            ?? await FindStoredAsync(key, cancellationToken)
            ?? throw ToolErrors.IdempotencyKeyBusy(key.Key, BusyRetry);
    }

    private async Task<CallToolResponse?> FindStoredAsync(InvocationKey key, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(key, cancellationToken) is not var (digest, response))
        {
            return null;
        }

        if (digest != key.Digest)
        {
            throw ToolErrors.IdempotencyKeyReused(key.Key);
        }

        if (response is not null)
        {
            response.Replayed = true;
        }

        return response;
    }
}
