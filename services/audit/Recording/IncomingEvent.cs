using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Recording;

/// <summary>An event that may be stored.</summary>
/// <param name="Typed">What this version knows of it.</param>
/// <param name="Entry">The event whole, with fields that this version does not know, in its canonical form.</param>
internal sealed partial record IncomingEvent(AuditEvent Typed, byte[] Entry)
{
    /// <summary>The stream of what was stored before there were streams.</summary>
    public const string ReservedStream = "*";

    private const int MostBytes = 256 * 1024;
    private const int MostMessageBytes = 8 * 1024 * 1024;
    private const int MostCharacters = 512;
    private const int MostDepth = 32;

    public string EventId => Typed.EventId;

    /// <summary>The tenant, whose events have a chain of their own: the project.</summary>
    public string Stream => Typed.Resource.ProjectId;

    /// <summary>Checks a message; a reason says why it is no event that can be stored.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> message, out IncomingEvent? incoming, out string reason)
    {
        incoming = null;
        reason = message.Length > MostMessageBytes ? $"The message has {message.Length} bytes, more than {MostMessageBytes}."
            : !Utf8.IsValid(message.Span) ? "The message is not UTF-8."
            : "";
        if (reason.Length > 0)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = MostDepth });
            incoming = Read(document.RootElement, message.Length, out reason);
        }
        catch (JsonException exception) when (exception.Path is null)
        {
            reason = $"The message is not JSON: {exception.Message}";
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            reason = $"The message is no audit event: {exception.Message}";
        }

        return incoming is not null;
    }

    private static IncomingEvent? Read(JsonElement message, int length, out string reason)
    {
        var typed = message.Deserialize<AuditEvent>();
        reason = typed is null ? "The message is no JSON object." : Refusal(typed);
        if (reason.Length > 0)
        {
            return null;
        }

        var entry = CanonicalEntry.Serialize(message, length + 16);
        if (entry.Length > MostBytes)
        {
            entry = OversizeEvent.Cut(entry);
            typed = JsonSerializer.Deserialize<AuditEvent>(entry);
        }

        reason = entry.Length > MostBytes ? $"The event has {entry.Length} bytes even when its long texts are cut, more than {MostBytes}."
            : entry.AsSpan().IndexOf(@"\u0000"u8) >= 0 ? "The event holds the character U+0000."
            : "";
        return reason.Length == 0 ? new IncomingEvent(typed!, entry) : null;
    }

    private static string Refusal(AuditEvent typed)
    {
        if (!EventIdForm().IsMatch(typed.EventId))
        {
            return "event_id must be \"evt_\" and a ULID.";
        }

        if (typed.SchemaVersion != AuditEvent.CurrentSchemaVersion)
        {
            return $"schema_version must be {AuditEvent.CurrentSchemaVersion}, not {typed.SchemaVersion}.";
        }

        if (typed.Resource is null || typed.UserContext is null || typed.Attributes is null)
        {
            return "resource, user_context and attributes must not be null.";
        }

        // The limits are those of what is indexed.
        (string Field, string? Value, bool Required)[] fields =
        [
            ("action", typed.Action, true),
            ("result", typed.Result, true),
            ("service", typed.Service, true),
            ("workflow_id", typed.WorkflowId, false),
            ("agent_id", typed.AgentId, false),
            ("trace_id", typed.TraceId, false),
            ("resource.project_id", typed.Resource.ProjectId, false),
            ("resource.document_id", typed.Resource.DocumentId, false),
            ("user_context.initiated_by", typed.UserContext.InitiatedBy, false),
        ];
        foreach (var (field, value, required) in fields)
        {
            if (value is null || value.Length > MostCharacters || (required && value.Length == 0))
            {
                return $"{field} must be {(required ? "1" : "0")} to {MostCharacters} characters.";
            }
        }

        return typed.Resource.ProjectId == ReservedStream ? $"resource.project_id must not be '{ReservedStream}'." : "";
    }

    [GeneratedRegex("^evt_[0-9A-HJKMNP-TV-Z]{26}\\z")]
    private static partial Regex EventIdForm();
}
