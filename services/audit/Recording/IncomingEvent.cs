using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Recording;

/// <summary>An event that may be stored.</summary>
/// <param name="Fields">What the trail knows it by.</param>
/// <param name="Entry">The event whole, with fields that this version does not know, in its canonical form.</param>
internal sealed partial record IncomingEvent(EventFields Fields, ReadOnlyMemory<byte> Entry)
{
    /// <summary>The stream of what was stored before there were streams.</summary>
    public const string ReservedStream = "*";

    private const int MostBytes = 256 * 1024;
    private const int MostMessageBytes = 8 * 1024 * 1024;
    private const int MostCharacters = 512;

    public string EventId => Fields.EventId;

    /// <summary>The tenant, whose events have a chain of their own: the project.</summary>
    public string Stream => Fields.ProjectId;

    /// <summary>Checks a message; a reason says why it is no event that can be stored. What is read keeps pieces of the message.</summary>
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
            incoming = Read(message, out reason);
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

    private static IncomingEvent? Read(ReadOnlyMemory<byte> message, out string reason)
    {
        var quick = QuickFields.TryRead(message, out var isCanonical);
        if (isCanonical)
        {
            return Check(quick!, message, out reason);
        }

        using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = CanonicalForm.MostDepth });
        reason = "";
        return (quick ?? Judge(document.RootElement, out reason)) is { } fields
            ? Check(fields, CanonicalEntry.Serialize(document.RootElement, message.Length + 16), out reason)
            : null;
    }

    private static IncomingEvent? Check(EventFields fields, ReadOnlyMemory<byte> entry, out string reason)
    {
        reason = Refusal(fields);
        if (reason.Length > 0)
        {
            return null;
        }

        if (entry.Length > MostBytes)
        {
            entry = OversizeEvent.Cut(entry.Span);
            fields = EventFields.Of(JsonSerializer.Deserialize<AuditEvent>(entry.Span)!);
        }

        reason = entry.Length > MostBytes ? $"The event has {entry.Length} bytes even when its long texts are cut, more than {MostBytes}."
            : HoldsNul(entry.Span) ? "The event holds the character U+0000."
            : "";
        return reason.Length == 0 ? new IncomingEvent(fields, entry) : null;
    }

    // PostgreSQL's jsonb has no U+0000. Where the backslash is itself escaped, a text only speaks of it.
    private static bool HoldsNul(ReadOnlySpan<byte> entry)
    {
        var nul = @"\u0000"u8;
        for (var at = entry.IndexOf(nul); at >= 0; at = entry.IndexOf(nul))
        {
            var before = entry[..at];
            if ((at - before.TrimEnd((byte)'\\').Length) % 2 == 0)
            {
                return true;
            }

            entry = entry[(at + nul.Length)..];
        }

        return false;
    }

    private static EventFields? Judge(JsonElement message, out string reason)
    {
        var typed = message.Deserialize<AuditEvent>();
        reason = typed is null ? "The message is no JSON object."
            : typed.Resource is null || typed.UserContext is null || typed.Attributes is null ? "resource, user_context and attributes must not be null."
            : NullRefusal(typed);
        return reason.Length == 0 ? EventFields.Of(typed!) : null;
    }

    // What the serializer read may be null, whatever its type says.
    private static string NullRefusal(AuditEvent typed)
    {
        (string Name, string? Text)[] texts =
        [
            ("event_id", typed.EventId), ("action", typed.Action), ("result", typed.Result), ("service", typed.Service),
            ("workflow_id", typed.WorkflowId), ("agent_id", typed.AgentId), ("trace_id", typed.TraceId),
            ("resource.project_id", typed.Resource.ProjectId), ("resource.document_id", typed.Resource.DocumentId),
            ("user_context.initiated_by", typed.UserContext.InitiatedBy),
        ];
        return texts.FirstOrDefault(text => text.Text is null).Name is { } name ? $"{name} must not be null." : "";
    }

    // The limits are those of what is indexed.
    private static string Refusal(EventFields fields) =>
        !EventIdForm().IsMatch(fields.EventId) ? "event_id must be \"evt_\" and a ULID."
        : fields.SchemaVersion != AuditEvent.CurrentSchemaVersion ? $"schema_version must be {AuditEvent.CurrentSchemaVersion}, not {fields.SchemaVersion}."
        : !IsText(fields.Action, 1) ? TextRefusal("action", 1)
        : !IsText(fields.Result, 1) ? TextRefusal("result", 1)
        : !IsText(fields.Service, 1) ? TextRefusal("service", 1)
        : !IsText(fields.WorkflowId, 0) ? TextRefusal("workflow_id", 0)
        : !IsText(fields.AgentId, 0) ? TextRefusal("agent_id", 0)
        : !IsText(fields.TraceId, 0) ? TextRefusal("trace_id", 0)
        : !IsText(fields.ProjectId) ? TextRefusal("resource.project_id", 0)
        : !IsText(fields.DocumentId, 0) ? TextRefusal("resource.document_id", 0)
        : !IsText(fields.InitiatedBy, 0) ? TextRefusal("user_context.initiated_by", 0)
        : fields.ProjectId == ReservedStream ? $"resource.project_id must not be '{ReservedStream}'."
        : "";

    private static bool IsText(ReadOnlyMemory<byte> utf8, int least) =>
        utf8.Length >= least && (utf8.Length <= MostCharacters || CountCharacters(utf8.Span) <= MostCharacters);

    private static bool IsText(string text) => text.Length <= MostCharacters || text.EnumerateRunes().Count() <= MostCharacters;

    // Those of Unicode, as JSON Schema counts them: each has one byte that does not continue another.
    private static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = utf8.Length;
        foreach (var one in utf8)
        {
            count -= (one & 0xC0) == 0x80 ? 1 : 0;
        }

        return count;
    }

    private static string TextRefusal(string field, int least) => $"{field} must be {least} to {MostCharacters} characters.";

    [GeneratedRegex("^evt_[0-9A-HJKMNP-TV-Z]{26}\\z")]
    private static partial Regex EventIdForm();
}
