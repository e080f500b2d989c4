using Mainstay.BusContracts;

namespace Mainstay.Audit.Recording;

/// <summary>What the trail knows an event by: its id, and what is copied beside its entry to be searched by.</summary>
internal sealed class EventFields
{
    public required string EventId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required string Action { get; init; }

    public required string Result { get; init; }

    public required string Service { get; init; }

    public required string WorkflowId { get; init; }

    public required string AgentId { get; init; }

    public required string TraceId { get; init; }

    public required string ProjectId { get; init; }

    public required string DocumentId { get; init; }

    public required string InitiatedBy { get; init; }

    public required int SchemaVersion { get; init; }

    /// <summary>The fields of an event whose parts are all there.</summary>
    public static EventFields Of(AuditEvent typed) => new()
    {
        EventId = typed.EventId,
        Timestamp = typed.Timestamp,
        Action = typed.Action,
        Result = typed.Result,
        Service = typed.Service,
        WorkflowId = typed.WorkflowId,
        AgentId = typed.AgentId,
        TraceId = typed.TraceId,
        ProjectId = typed.Resource.ProjectId,
        DocumentId = typed.Resource.DocumentId,
        InitiatedBy = typed.UserContext.InitiatedBy,
        SchemaVersion = typed.SchemaVersion,
    };
}
