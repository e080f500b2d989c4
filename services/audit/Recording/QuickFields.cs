using System.Runtime.InteropServices;
using System.Text.Json;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Recording;

/// <summary>Reads the fields of an ordinary event straight from its bytes; what is anything but ordinary is left to the serializer, which says what is wrong.</summary>
internal ref struct QuickFields
{
    private string? eventId;
    private DateTimeOffset? timestamp;
    private string? action;
    private string? result;
    private string? service;
    private string workflowId = "";
    private string agentId = "";
    private string traceId = "";
    private string projectId = "";
    private string documentId = "";
    private string initiatedBy = "";
    private int schemaVersion = AuditEvent.CurrentSchemaVersion;

    public QuickFields()
    {
    }

    /// <summary>The fields, or null for an event that the serializer has to judge.</summary>
    public static EventFields? TryRead(JsonElement message)
    {
        var fields = new QuickFields();
        if (message.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in message.EnumerateObject())
        {
            if (!fields.TryTake(JsonMarshal.GetRawUtf8PropertyName(property), property.Value))
            {
                return null;
            }
        }

        return fields.Complete();
    }

    private readonly EventFields? Complete() =>
        eventId is null || timestamp is null || action is null || result is null || service is null ? null : new EventFields
        {
            EventId = eventId,
            Timestamp = timestamp.Value,
            Action = action,
            Result = result,
            Service = service,
            WorkflowId = workflowId,
            AgentId = agentId,
            TraceId = traceId,
            ProjectId = projectId,
            DocumentId = documentId,
            InitiatedBy = initiatedBy,
            SchemaVersion = schemaVersion,
        };

    private bool TryTake(ReadOnlySpan<byte> name, JsonElement value) => name switch
    {
        _ when name.Contains((byte)'\\') => false,
        _ when name.SequenceEqual("event_id"u8) => TryText(value, ref eventId),
        _ when name.SequenceEqual("timestamp"u8) => TryTime(value),
        _ when name.SequenceEqual("action"u8) => TryText(value, ref action),
        _ when name.SequenceEqual("result"u8) => TryText(value, ref result),
        _ when name.SequenceEqual("service"u8) => TryText(value, ref service),
        _ when name.SequenceEqual("workflow_id"u8) => TryText(value, ref workflowId!),
        _ when name.SequenceEqual("agent_id"u8) => TryText(value, ref agentId!),
        _ when name.SequenceEqual("trace_id"u8) => TryText(value, ref traceId!),
        _ when name.SequenceEqual("activity_id"u8) || name.SequenceEqual("rbac_scope"u8) => value.ValueKind == JsonValueKind.String,
        _ when name.SequenceEqual("latency_ms"u8) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ when name.SequenceEqual("schema_version"u8) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out schemaVersion),
        _ when name.SequenceEqual("resource"u8) => TryResource(value),
        _ when name.SequenceEqual("user_context"u8) => TryUserContext(value),
        _ when name.SequenceEqual("policy"u8) => value.ValueKind == JsonValueKind.Null || HoldsTexts(value),
        _ when name.SequenceEqual("attributes"u8) => HoldsTexts(value),
        _ => true,
    };

    private bool TryResource(JsonElement resource)
    {
        if (resource.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var property in resource.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            var isOrdinary = !name.Contains((byte)'\\') && name switch
            {
                _ when name.SequenceEqual("project_id"u8) => TryText(property.Value, ref projectId!),
                _ when name.SequenceEqual("document_id"u8) => TryText(property.Value, ref documentId!),
                _ when name.SequenceEqual("connector"u8) || name.SequenceEqual("document_name"u8) => property.Value.ValueKind == JsonValueKind.String,
                _ => true,
            };
            if (!isOrdinary)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryUserContext(JsonElement userContext)
    {
        if (userContext.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var property in userContext.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            var isOrdinary = !name.Contains((byte)'\\') && name switch
            {
                _ when name.SequenceEqual("initiated_by"u8) => TryText(property.Value, ref initiatedBy!),
                _ when name.SequenceEqual("on_behalf_of"u8) => property.Value.ValueKind == JsonValueKind.String,
                _ => true,
            };
            if (!isOrdinary)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryTime(JsonElement value)
    {
        timestamp = value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? time : null;
        return timestamp is not null;
    }

    private static bool TryText(JsonElement value, ref string? text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    private static bool HoldsTexts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                return false;
            }
        }

        return true;
    }
}
