using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Mainstay.Audit.Recording;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Authentication;
using BusEvent = Mainstay.BusContracts.AuditEvent;

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
            await AppendAsync("audit_read", "success", rpc, Text(request), caller, context.CancellationToken);
            return scope;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.PermissionDenied)
        {
            await AppendAsync("audit_read", "denied", rpc, Text(request), caller, context.CancellationToken);
            throw;
        }
    }

    /// <summary>Stores what an administrator does, or that it was refused.</summary>
    public async Task AdministerAsync(string action, string rpc, IMessage request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        await AppendAsync(action, caller.IsAdmin ? "success" : "denied", rpc, Text(request), caller, context.CancellationToken);
        if (!caller.IsAdmin)
        {
            throw AuditErrors.RoleMissing("admin");
        }
    }

    /// <summary>Stores that someone was refused an act of administrators; of what they do the act itself tells the trail. Returns who acts.</summary>
    public async Task<string> SteerAsync(string action, string rpc, IMessage request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        if (!caller.IsAdmin)
        {
            await AppendAsync(action, "denied", rpc, Text(request), caller, context.CancellationToken);
            throw AuditErrors.RoleMissing("admin");
        }

        return caller.Subject;
    }

    /// <summary>Stores that someone who is no service wanted to store events, but not the events, which nobody vouches for.</summary>
    public async Task ProduceAsync(RecordEventsRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        if (!caller.IsService && !caller.IsAdmin)
        {
            var count = string.Create(CultureInfo.InvariantCulture, $"{request.Events.Count} events");
            await AppendAsync("audit_record", "denied", nameof(RecordEvents), count, caller, context.CancellationToken);
            throw AuditErrors.RoleMissing("service");
        }
    }

    private static string Text(IMessage request) => JsonFormatter.Default.Format(request);

    private Task AppendAsync(string action, string result, string rpc, string request, CallerContext caller, CancellationToken cancellationToken)
    {
        var reading = new BusEvent
        {
            EventId = BusEvent.NewId(clock),
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()),
            Action = action,
            Result = result,
            Service = "audit",
            RbacScope = caller.RbacScope,
            Resource = new() { ProjectId = caller.Project },
            UserContext = new() { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
            TraceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? "",
            Attributes = new Dictionary<string, string> { ["rpc"] = rpc, ["request"] = request.Length > LongestRequest ? request[..LongestRequest] : request },
        };
        return IncomingEvent.TryRead(JsonSerializer.SerializeToUtf8Bytes(reading), out var incoming, out var reason)
            ? appendEvents.ExecuteAsync([incoming!], [], cancellationToken)
            : throw new InvalidOperationException($"The reading could not be recorded: {reason}");
    }
}
