using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Recording;

/// <summary>Reads the fields of an ordinary event straight from its bytes, in one pass; what is anything but ordinary is left to the serializer, which says what is wrong.</summary>
internal ref struct QuickFields
{
    private readonly ReadOnlyMemory<byte> message;
    private Utf8JsonReader reader;
    private CanonicalForm form;
    private string? eventId;
    private string projectId = "";
    private DateTimeOffset? timestamp;
    private ReadOnlyMemory<byte> action;
    private ReadOnlyMemory<byte> result;
    private ReadOnlyMemory<byte> service;
    private ReadOnlyMemory<byte> workflowId;
    private ReadOnlyMemory<byte> agentId;
    private ReadOnlyMemory<byte> traceId;
    private ReadOnlyMemory<byte> documentId;
    private ReadOnlyMemory<byte> initiatedBy;
    private int schemaVersion = AuditEvent.CurrentSchemaVersion;

    private QuickFields(ReadOnlyMemory<byte> message)
    {
        this.message = message;
        reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = CanonicalForm.MostDepth });
        form = new CanonicalForm(message.Span);
    }

    // What a member is part of.
    private enum Part
    {
        Event,
        Resource,
        UserContext,
        Texts,
    }

    /// <summary>The fields, or null for an event that the serializer has to judge; throws <see cref="JsonException"/> for what is no JSON.</summary>
    /// <param name="message">UTF-8, of which the fields keep pieces.</param>
    /// <param name="isCanonical">Whether the message is known to be its own canonical form.</param>
    public static EventFields? TryRead(ReadOnlyMemory<byte> message, out bool isCanonical)
    {
        var fields = new QuickFields(message);
        var read = fields.Read() && fields.TryObject(Part.Event) && !fields.Read() ? fields.Complete() : null;
        isCanonical = read is not null && fields.form.IsCanonical;
        return read;
    }

    private readonly EventFields? Complete() =>
        eventId is null || timestamp is null || action.IsEmpty || result.IsEmpty || service.IsEmpty ? null : new EventFields
        {
            EventId = eventId,
            Timestamp = timestamp.Value,
            ProjectId = projectId,
            Action = action,
            Result = result,
            Service = service,
            WorkflowId = workflowId,
            AgentId = agentId,
            TraceId = traceId,
            DocumentId = documentId,
            InitiatedBy = initiatedBy,
            SchemaVersion = schemaVersion,
        };

    private bool Read()
    {
        var isRead = reader.Read();
        if (isRead)
        {
            form.Take(in reader);
        }

        return isRead;
    }

    private bool TryObject(Part part)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.ValueSpan;
            var isOrdinary = !reader.ValueIsEscaped && Read() && part switch
            {
                Part.Event => TryMember(name),
                Part.Resource => TryResource(name),
                Part.UserContext => TryUserContext(name),
                _ => reader.TokenType == JsonTokenType.String,
            };
            if (!isOrdinary)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryMember(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("event_id"u8) => TryText(out eventId),
        _ when name.SequenceEqual("timestamp"u8) => TryTime(),
        _ when name.SequenceEqual("action"u8) => TryText(out action),
        _ when name.SequenceEqual("result"u8) => TryText(out result),
        _ when name.SequenceEqual("service"u8) => TryText(out service),
        _ when name.SequenceEqual("workflow_id"u8) => TryText(out workflowId),
        _ when name.SequenceEqual("agent_id"u8) => TryText(out agentId),
        _ when name.SequenceEqual("trace_id"u8) => TryText(out traceId),
        _ when name.SequenceEqual("activity_id"u8) || name.SequenceEqual("rbac_scope"u8) => reader.TokenType == JsonTokenType.String,
        _ when name.SequenceEqual("latency_ms"u8) => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _),
        _ when name.SequenceEqual("schema_version"u8) => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out schemaVersion),
        _ when name.SequenceEqual("resource"u8) => TryObject(Part.Resource),
        _ when name.SequenceEqual("user_context"u8) => TryObject(Part.UserContext),
        _ when name.SequenceEqual("policy"u8) => reader.TokenType == JsonTokenType.Null || TryObject(Part.Texts),
        _ when name.SequenceEqual("attributes"u8) => TryObject(Part.Texts),
        _ => Pass(),
    };

    private bool TryResource(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("project_id"u8) => TryText(out projectId!),
        _ when name.SequenceEqual("document_id"u8) => TryText(out documentId),
        _ when name.SequenceEqual("connector"u8) || name.SequenceEqual("document_name"u8) => reader.TokenType == JsonTokenType.String,
        _ => Pass(),
    };

    private bool TryUserContext(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("initiated_by"u8) => TryText(out initiatedBy),
        _ when name.SequenceEqual("on_behalf_of"u8) => reader.TokenType == JsonTokenType.String,
        _ => Pass(),
    };

    private bool TryTime()
    {
        timestamp = reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) ? time : null;
        return timestamp is not null;
    }

    private readonly bool TryText([NotNullWhen(true)] out string? text)
    {
        text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text is not null;
    }

    private readonly bool TryText(out ReadOnlyMemory<byte> text)
    {
        var isText = reader.TokenType == JsonTokenType.String;
        text = !isText ? default
            : reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!)
            : message.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        return isText;
    }

    private bool Pass()
    {
        var depth = reader.CurrentDepth;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (Read() && reader.CurrentDepth > depth)
            {
            }
        }

        return true;
    }
}
