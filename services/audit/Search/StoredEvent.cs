using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.V1;
using BusEvent = Mainstay.BusContracts.AuditEvent;

namespace Mainstay.Audit.Search;

/// <summary>An entry of the trail with its place in the chain.</summary>
internal sealed record StoredEvent(long Sequence, string Entry, string Hash)
{
    /// <summary>The entry as the contract has it.</summary>
    public AuditEvent ToProto()
    {
        var entry = JsonSerializer.Deserialize<BusEvent>(Entry)!;
        return new AuditEvent
        {
            EventId = entry.EventId,
            Timestamp = entry.Timestamp.ToTimestamp(),
            WorkflowId = entry.WorkflowId,
            ActivityId = entry.ActivityId,
            AgentId = entry.AgentId,
            Action = entry.Action,
            Resource = new AuditResource
            {
                Connector = entry.Resource.Connector,
                ProjectId = entry.Resource.ProjectId,
                DocumentId = entry.Resource.DocumentId,
                DocumentName = entry.Resource.DocumentName,
            },
            RbacScope = entry.RbacScope,
            UserContext = new AuditUserContext { InitiatedBy = entry.UserContext.InitiatedBy, OnBehalfOf = entry.UserContext.OnBehalfOf },
            Result = entry.Result,
            LatencyMs = entry.LatencyMs,
            TraceId = entry.TraceId,
            Service = entry.Service,
            Policy = entry.Policy is null ? null : new AuditPolicyDecision
            {
                Decision = entry.Policy.Decision,
                Level = entry.Policy.Level,
                Rule = entry.Policy.Rule,
                PolicyVersion = entry.Policy.PolicyVersion,
                Reason = entry.Policy.Reason,
            },
            SchemaVersion = entry.SchemaVersion,
            Attributes = { entry.Attributes.ToDictionary() },
            Sequence = Sequence,
            Hash = Hash,
        };
    }
}
