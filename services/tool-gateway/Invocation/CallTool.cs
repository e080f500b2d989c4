using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ToolGateway.Connectors;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Decides about a tool call and makes it, once under one idempotency key however often it is asked.</summary>
internal sealed class CallTool(ConnectorRegistry connectors, PolicyReader policies, InvocationStore store, RunningCalls running)
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    public async Task<CallToolResponse> ExecuteAsync(CallToolRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var invocation = ToolInvocation.From(request, caller);
        var connector = connectors.Find(request.Connector);
        var policy = await policies.ReadAsync(caller, request.Scope, cancellationToken);
        if (invocation.Key is not { } key)
        {
            return await running.RunAsync(invocation, connector, policy, mayHaveBeenCalled: false, cancellationToken);
        }

        if (await FindStoredAsync(key, cancellationToken) is { } stored)
        {
            return stored;
        }

        // A caller that comes back while its call is under way waits for that one.
        if (running.Find(key) is { } found)
        {
            return await found.WaitAsync(cancellationToken);
        }

        if (await store.ClaimAsync(key, cancellationToken) is { } mayHaveBeenCalled)
        {
            return await running.Start(invocation, connector, policy, mayHaveBeenCalled).WaitAsync(cancellationToken);
        }

        return running.Find(key) is { } begun
            ? await begun.WaitAsync(cancellationToken)
            : await FindStoredAsync(key, cancellationToken) ?? throw ToolErrors.IdempotencyKeyBusy(key.Key, BusyRetry);
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
