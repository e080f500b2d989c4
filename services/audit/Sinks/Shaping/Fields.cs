using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>Reads an event's fields, any of which a producer may have left out or a redaction removed.</summary>
internal static class Fields
{
    /// <summary>A field of text; empty when it is missing or none.</summary>
    public static string Text(this JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    /// <summary>A field that is an object; an empty one when it is missing or none.</summary>
    public static JsonObject Child(this JsonObject fields, string name) => fields[name] as JsonObject ?? [];

    /// <summary>A field that is a time; the Unix epoch when it is missing or none.</summary>
    public static DateTimeOffset Time(this JsonObject fields, string name) =>
        DateTimeOffset.TryParse(fields.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.UnixEpoch;
}
