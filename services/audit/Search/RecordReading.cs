using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Mainstay.Audit.Recording;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Audit.Search;

/// <summary>Makes each use of the trail an event of the trail.</summary>
internal sealed class RecordReading(AppendEvents appendEvents, TimeProvider clock)
{
    private const int LongestRequest = 2000;

    /// <summary>Stores that a caller reads, or that it was refused; what it reads reaches it only after this.</summary>
    public async Task<ReaderScope> ExecuteAsync(string rpc, IMessage request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        try
        {
            var scope = ReaderScope.Of(caller);
            await AppendAsync("audit_read", "success", rpc, request, caller, context.CancellationToken);
            return scope;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.PermissionDenied)
        {
            await AppendAsync("audit_read", "denied", rpc, request, caller, context.CancellationToken);
            throw;
        }
    }

    /// <summary>Stores what an administrator does, or that it was refused.</summary>
    public async Task AdministerAsync(string action, string rpc, IMessage request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        await AppendAsync(action, caller.IsAdmin ? "success" : "denied", rpc, request, caller, context.CancellationToken);
        if (!caller.IsAdmin)
        {
            throw AuditErrors.RoleMissing("admin");
        }
    }

    private Task AppendAsync(string action, string result, string rpc, IMessage request, CallerContext caller, CancellationToken cancellationToken)
    {
        var text = JsonFormatter.Default.Format(request);
        var reading = new AuditEvent
        {
            EventId = AuditEvent.NewId(clock),
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()),
            Action = action,
            Result = result,
            Service = "audit",
            RbacScope = caller.RbacScope,
            Resource = new AuditResource { ProjectId = caller.Project },
            UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
            TraceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? "",
            Attributes = new Dictionary<string, string> { ["rpc"] = rpc, ["request"] = text.Length > LongestRequest ? text[..LongestRequest] : text },
        };
        return IncomingEvent.TryRead(JsonSerializer.SerializeToUtf8Bytes(reading), out var incoming, out var reason)
            ? appendEvents.ExecuteAsync([incoming!], [], cancellationToken)
            : throw new InvalidOperationException($"The reading could not be recorded: {reason}");
    }
}
