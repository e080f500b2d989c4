using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace Temporalio.Common;

/// <summary>Brings histories of older tools, which name enum values in camel case, to protobuf's JSON form.</summary>
internal static partial class WorkflowHistoryJson
{
    /// <summary>The same history, as protobuf's parser takes it.</summary>
    public static string Normalize(string json)
    {
        var node = JsonNode.Parse(json)!;
        Visit(node, Api.History.V1.History.Descriptor);
        return node.ToJsonString();
    }

    private static void Visit(JsonNode? node, MessageDescriptor message)
    {
        if (node is not JsonObject fields)
        {
            return;
        }

        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            if (!fields.TryGetPropertyValue(field.JsonName, out var value) || value is null || field.IsMap)
            {
                continue;
            }

            if (field.FieldType == FieldType.Enum && value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String)
            {
                fields[field.JsonName] = EnumName(field.EnumType, value.GetValue<string>());
            }
            else if (field.FieldType == FieldType.Message)
            {
                foreach (var item in value is JsonArray array ? array.ToArray() : [value])
                {
                    Visit(item, field.MessageType);
                }
            }
        }
    }

    /// <summary>The name of an enum value as protobuf has it; what is none stays as it is, for the parser to refuse.</summary>
    public static string EnumName(EnumDescriptor descriptor, string value)
    {
        if (descriptor.FindValueByName(value) is not null)
        {
            return value;
        }

        var suffix = "_" + WordStart().Replace(value, "_").ToUpperInvariant();
        return descriptor.Values.Where(known => known.Name.EndsWith(suffix, StringComparison.Ordinal)).MinBy(known => known.Name.Length)?.Name ?? value;
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
