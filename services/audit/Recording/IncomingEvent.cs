using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Recording;

/// <summary>An event that came over the bus and may be stored.</summary>
/// <param name="EventId">Its id.</param>
/// <param name="EventTime">When it happened.</param>
/// <param name="Entry">The event whole, with fields that this version does not know.</param>
internal sealed partial record IncomingEvent(string EventId, DateTime EventTime, JsonObject Entry)
{
    private const int MostBytes = 256 * 1024;
    private const int MostCharacters = 512;

    /// <summary>Checks a message; a reason says why it is no event that can be stored.</summary>
    public static bool TryRead(JsonElement message, out IncomingEvent? incoming, out string reason)
    {
        incoming = null;
        try
        {
            var entry = JsonObject.Create(message);
            var typed = entry.Deserialize<AuditEvent>();
            reason = entry is null || typed is null ? "The message is no JSON object." : Refusal(typed, CanonicalJson.Serialize(entry));
            if (reason.Length == 0)
            {
                incoming = new IncomingEvent(typed!.EventId, typed.Timestamp.UtcDateTime, entry!);
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            reason = $"The message is no audit event: {exception.Message}";
        }

        return incoming is not null;
    }

    private static string Refusal(AuditEvent typed, byte[] canonical)
    {
        if (!EventIdForm().IsMatch(typed.EventId))
        {
            return "event_id must be \"evt_\" and a ULID.";
        }

        if (typed.SchemaVersion != AuditEvent.CurrentSchemaVersion)
        {
            return $"schema_version must be {AuditEvent.CurrentSchemaVersion}, not {typed.SchemaVersion}.";
        }

        // The limits are those of what is indexed; PostgreSQL's text cannot hold U+0000.
        (string Field, string? Value, bool Required)[] fields =
        [
            ("action", typed.Action, true),
            ("result", typed.Result, true),
            ("service", typed.Service, true),
            ("workflow_id", typed.WorkflowId, false),
            ("agent_id", typed.AgentId, false),
        ];
        foreach (var (field, value, required) in fields)
        {
            if (value is null || value.Length > MostCharacters || (required && value.Length == 0))
            {
                return $"{field} must be {(required ? "1" : "0")} to {MostCharacters} characters.";
            }
        }

        return canonical.Length > MostBytes ? $"The event has {canonical.Length} bytes, more than {MostBytes}."
            : typed.Resource is null || typed.UserContext is null || typed.Attributes is null ? "resource, user_context and attributes must not be null."
            : Encoding.UTF8.GetString(canonical).Contains(@"\u0000", StringComparison.Ordinal) ? "The event holds the character U+0000."
            : "";
    }

    [GeneratedRegex("^evt_[0-9A-HJKMNP-TV-Z]{26}$")]
    private static partial Regex EventIdForm();
}
