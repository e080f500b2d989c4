using System.Text;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Recording;

/// <summary>What the trail knows an event by: its id, and what is copied beside its entry to be searched by. What is only copied is UTF-8, mostly a piece of the message.</summary>
internal sealed class EventFields
{
    public required string EventId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required string ProjectId { get; init; }

    public required ReadOnlyMemory<byte> Action { get; init; }

    public required ReadOnlyMemory<byte> Result { get; init; }

    public required ReadOnlyMemory<byte> Service { get; init; }

    public required ReadOnlyMemory<byte> WorkflowId { get; init; }

    public required ReadOnlyMemory<byte> AgentId { get; init; }

    public required ReadOnlyMemory<byte> TraceId { get; init; }

    public required ReadOnlyMemory<byte> DocumentId { get; init; }

    public required ReadOnlyMemory<byte> InitiatedBy { get; init; }

    public required int SchemaVersion { get; init; }

    /// <summary>The fields of an event whose parts and texts are all there.</summary>
    public static EventFields Of(AuditEvent typed) => new()
    {
        EventId = typed.EventId,
        Timestamp = typed.Timestamp,
        ProjectId = typed.Resource.ProjectId,
        Action = Encoding.UTF8.GetBytes(typed.Action),
        Result = Encoding.UTF8.GetBytes(typed.Result),
        Service = Encoding.UTF8.GetBytes(typed.Service),
        WorkflowId = Encoding.UTF8.GetBytes(typed.WorkflowId),
        AgentId = Encoding.UTF8.GetBytes(typed.AgentId),
        TraceId = Encoding.UTF8.GetBytes(typed.TraceId),
        DocumentId = Encoding.UTF8.GetBytes(typed.Resource.DocumentId),
        InitiatedBy = Encoding.UTF8.GetBytes(typed.UserContext.InitiatedBy),
        SchemaVersion = typed.SchemaVersion,
    };
}
