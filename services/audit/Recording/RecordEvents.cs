using System.Text.Json;
using Mainstay.Audit.V1;
using BusEvent = Mainstay.BusContracts.AuditEvent;

namespace Mainstay.Audit.Recording;

/// <summary>Stores events of a producer without a bus.</summary>
internal sealed class RecordEvents(AppendEvents appendEvents, DeadLetterQueue deadLetters)
{
    private const int MostEvents = 1000;

    public async Task<RecordEventsResponse> ExecuteAsync(RecordEventsRequest request, CancellationToken cancellationToken)
    {
        if (request.Events.Count is 0 or > MostEvents)
        {
            throw AuditErrors.FieldInvalid("events", $"must be 1 to {MostEvents}");
        }

        var events = request.Events.Select(Read).ToList();
        var appended = await appendEvents.ExecuteAsync(events, [], cancellationToken);
        await deadLetters.PublishAsync(appended.Taken, cancellationToken);
        return new RecordEventsResponse
        {
            StoredCount = appended.Stored,
            KnownCount = appended.Known,
            TakenEventIds = { appended.Taken.Select(letter => JsonSerializer.Deserialize<BusEvent>(letter.Body)!.EventId) },
        };
    }

    private static IncomingEvent Read(AuditEvent auditEvent, int index)
    {
        if (auditEvent.Timestamp is null)
        {
            throw AuditErrors.EventInvalid($"events[{index}]", "timestamp is missing.");
        }

        return IncomingEvent.TryRead(JsonSerializer.SerializeToUtf8Bytes(ToBus(auditEvent)), out var incoming, out var reason)
            ? incoming!
            : throw AuditErrors.EventInvalid($"events[{index}]", reason);
    }

    private static BusEvent ToBus(AuditEvent auditEvent) => new()
    {
        EventId = auditEvent.EventId,
        Timestamp = auditEvent.Timestamp.ToDateTimeOffset(),
        WorkflowId = auditEvent.WorkflowId,
        ActivityId = auditEvent.ActivityId,
        AgentId = auditEvent.AgentId,
        Action = auditEvent.Action,
        Resource = new()
        {
            Connector = auditEvent.Resource?.Connector ?? "",
            ProjectId = auditEvent.Resource?.ProjectId ?? "",
            DocumentId = auditEvent.Resource?.DocumentId ?? "",
            DocumentName = auditEvent.Resource?.DocumentName ?? "",
        },
        RbacScope = auditEvent.RbacScope,
        UserContext = new() { InitiatedBy = auditEvent.UserContext?.InitiatedBy ?? "", OnBehalfOf = auditEvent.UserContext?.OnBehalfOf ?? "" },
        Result = auditEvent.Result,
        LatencyMs = auditEvent.LatencyMs,
        TraceId = auditEvent.TraceId,
        Service = auditEvent.Service,
        Policy = auditEvent.Policy is not { } policy ? null : new()
        {
            Decision = policy.Decision,
            Level = policy.Level,
            Rule = policy.Rule,
            PolicyVersion = policy.PolicyVersion,
            Reason = policy.Reason,
        },
        SchemaVersion = auditEvent.SchemaVersion == 0 ? BusEvent.CurrentSchemaVersion : auditEvent.SchemaVersion,
        Attributes = auditEvent.Attributes.ToDictionary(),
    };
}
