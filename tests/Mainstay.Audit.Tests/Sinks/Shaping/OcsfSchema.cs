using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.Audit.Tests.Sinks.Shaping;

/// <summary>Holds events to the class API Activity as the OCSF schema's repository has it at one of its versions.</summary>
internal sealed class OcsfSchema(string version)
{
    private const int Other = 99;

    private readonly JsonNode schema = JsonNode.Parse(File.ReadAllText($"vectors/ocsf/{version}.json"))!;

    /// <summary>Where an event is not as the schema says; empty when it is.</summary>
    public IReadOnlyList<string> Violations(JsonObject written)
    {
        var profiles = written["metadata"]?["profiles"]?.AsArray().Select(profile => (string?)profile).ToList() ?? [];
        var type = ((int)written["class_uid"]! * 100) + (int)written["activity_id"]!;
        return
        [
            .. Object(written, schema["class"]!, profiles, ""),
            .. (int)written["class_uid"]! == (int)schema["class"]!["uid"]! && (string?)written["class_name"] == (string?)schema["class"]!["caption"] ? Array.Empty<string>() : ["the class is another"],
            .. (int)written["type_uid"]! == type ? Array.Empty<string>() : [$"type_uid is not {type}"],
        ];
    }

    private IEnumerable<string> Object(JsonObject written, JsonNode expected, List<string?> profiles, string path)
    {
        var attributes = expected["attributes"]!.AsObject()
            .Where(attribute => (string?)attribute.Value!["profile"] is not { } profile || profiles.Contains(profile))
            .ToDictionary(attribute => attribute.Key, attribute => attribute.Value!);
        return
        [
            .. attributes.Where(one => (string?)one.Value["requirement"] == "required" && !written.ContainsKey(one.Key)).Select(one => $"{path}{one.Key} is missing"),
            .. written.SelectMany(one => attributes.TryGetValue(one.Key, out var attribute) ? Attribute(one.Key, one.Value, attribute, written, profiles, path) : [$"{path}{one.Key} is not known"]),
            .. expected["constraints"]?["at_least_one"] is JsonArray names && !names.Any(name => written.ContainsKey((string)name!)) ? [$"{path} has none of {names.ToJsonString()}"] : Array.Empty<string>(),
        ];
    }

    private IEnumerable<string> Attribute(string name, JsonNode? value, JsonNode attribute, JsonObject parent, List<string?> profiles, string path)
    {
        if ((bool?)attribute["is_array"] == true)
        {
            return value is JsonArray array ? array.SelectMany(one => Value(name, one, attribute, profiles, path)) : [$"{path}{name} is no array"];
        }

        return [.. Value(name, value, attribute, profiles, path), .. Caption(name, value, attribute, parent, path)];
    }

    private IEnumerable<string> Value(string name, JsonNode? value, JsonNode attribute, List<string?> profiles, string path)
    {
        var type = (string)attribute["type"]!;
        if (schema["objects"]![type] is { } inner)
        {
            return value is JsonObject written ? Object(written, inner, profiles, $"{path}{name}.") : [$"{path}{name} is no object"];
        }

        var fits = ((string?)schema["types"]![type] ?? type) switch
        {
            "string_t" => value?.GetValueKind() == JsonValueKind.String && ((string)value!).Length > 0,
            "integer_t" or "long_t" => value?.GetValueKind() == JsonValueKind.Number && value.GetValue<JsonElement>().TryGetInt64(out _),
            "object" => value is JsonObject,
            _ => false,
        };
        return fits ? [] : [$"{path}{name} is no {type}"];
    }

    // An id's name stands beside it: the caption, or, for what is other, the source's own word.
    private static IEnumerable<string> Caption(string name, JsonNode? value, JsonNode attribute, JsonObject parent, string path)
    {
        if (attribute["enum"] is not JsonObject values || !name.EndsWith("_id", StringComparison.Ordinal))
        {
            return [];
        }

        var caption = (string?)values[value!.ToString()];
        var beside = (string?)(parent[name[..^3]] ?? parent[$"{name[..^3]}_name"]);
        return caption is null ? [$"{path}{name} cannot be {value}"]
            : (int)value == Other ? string.IsNullOrEmpty(beside) ? [$"{path}{name} is other than what?"] : []
            : beside is not null && beside != caption ? [$"{path}{name} {value} is '{caption}', not '{beside}'"]
            : [];
    }
}
