using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Temporalio.Api.History.V1;

namespace Temporalio.Tests.Execution;

/// <summary>Histories as Temporal's own tools write them.</summary>
internal static partial class ToolExports
{
    /// <summary>The enum types that occur anywhere in a history.</summary>
    public static IReadOnlyCollection<EnumDescriptor> Enums { get; } = EnumsIn(History.Descriptor, []);

    /// <summary>As the command line and the web interface do: indented, with fields that this SDK does not know yet.</summary>
    public static string Today(IEnumerable<HistoryEvent> events)
    {
        var json = JsonNode.Parse(JsonFormatter.Default.Format(new History { Events = { events } }))!;
        foreach (var happened in json["events"]!.AsArray())
        {
            happened!["ofALaterServer"] = new JsonObject { ["kind"] = "OF_A_LATER_SERVER_NEW" };
        }

        return json.ToJsonString(new() { WriteIndented = true });
    }

    /// <summary>As older tools did: enum values by their bare names, and every field written, if it is only to say null.</summary>
    public static string Formerly(IEnumerable<HistoryEvent> events)
    {
        var names = Enums.SelectMany(type => type.Values.Select(value => (value.Name, Old: OldName(type, value)))).ToDictionary(name => name.Name, name => name.Old);
        var json = JsonNode.Parse(new JsonFormatter(new(formatDefaultValues: true)).Format(new History { Events = { events } }))!;
        foreach (var happened in json["events"]!.AsArray())
        {
            happened!["userMetadata"] ??= null;
        }

        return EnumValue().Replace(json.ToJsonString(), match => names.TryGetValue(match.Groups[1].Value, out var old) ? $"\"{old}\"" : match.Value);
    }

    /// <summary>EVENT_TYPE_TIMER_FIRED as TimerFired.</summary>
    public static string OldName(EnumDescriptor type, EnumValueDescriptor value)
    {
        var prefix = WordStart().Replace(type.Name, "_").ToUpperInvariant() + "_";
        Assert.StartsWith(prefix, value.Name, StringComparison.Ordinal);
        return string.Concat(value.Name[prefix.Length..].Split('_').Select(word => word[..1] + word[1..].ToLower(CultureInfo.InvariantCulture)));
    }

    private static HashSet<EnumDescriptor> EnumsIn(MessageDescriptor message, HashSet<MessageDescriptor> seen)
    {
        var found = new HashSet<EnumDescriptor>();
        foreach (var field in seen.Add(message) ? message.Fields.InDeclarationOrder() : [])
        {
            if (field.FieldType == FieldType.Enum)
            {
                found.Add(field.EnumType);
            }
            else if (field.FieldType == FieldType.Message)
            {
                found.UnionWith(EnumsIn(field.MessageType, seen));
            }
        }

        return found;
    }

    [GeneratedRegex("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"")]
    private static partial Regex EnumValue();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
