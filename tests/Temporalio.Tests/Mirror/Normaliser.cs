using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Temporalio.Api.History.V1;

namespace Temporalio.Tests.Mirror;

/// <summary>Puts a history into the form of the conformance suite's golden files, and levels what two SDKs say in different words.</summary>
internal sealed partial class Normaliser(string uid, params string[] dropped)
{
    private static readonly HashSet<string> AlwaysDropped =
    [
        "requestId", "attachRequestId", "taskId", "version", "sdkMetadata", "meteringMetadata", "workerVersion", "binaryChecksum", "historySizeBytes", "stackTrace", "buildId",
        "inheritedBuildId", "versioningBehavior", "workerDeploymentName", "workerDeploymentVersion", "deployment", "deploymentVersion", "versioningInfo",
        "targetWorkerDeploymentVersionChanged", "suggestContinueAsNewReasons", "eventTime", "workerMayIgnore", "links", "eventGroupMarkers", "principal", "namespaceId",
        "parentWorkflowNamespaceId", "externalWorkflowExecutionNamespaceId",
    ];

    private readonly Dictionary<string, string> ids = [];

    /// <summary>The events of a run as the golden files have them.</summary>
    public List<JsonObject> Events(IEnumerable<HistoryEvent> events) => [.. events.Select(Event)];

    /// <summary>The events of a golden file, levelled in the same way.</summary>
    public List<JsonObject> Golden(JsonArray events) => [.. events.Select(e => (JsonObject)Level(e!.DeepClone(), "")!)];

    /// <summary>Any value, of a golden file or of a test, levelled.</summary>
    public JsonNode? Value(JsonNode? value) => Level(value, "");

    private JsonObject Event(HistoryEvent happened)
    {
        var json = JsonNode.Parse(JsonFormatter.Default.Format(happened))!.AsObject();
        var attributes = json.FirstOrDefault(p => p.Key.EndsWith("EventAttributes", StringComparison.Ordinal)).Value?.DeepClone();
        return new JsonObject
        {
            ["id"] = happened.EventId,
            ["type"] = happened.EventType.ToString(),
            ["attributes"] = Level(attributes ?? new JsonObject(), "") ?? new JsonObject(),
        };
    }

    private JsonNode? Level(JsonNode? node, string key)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonValue value when value.TryGetValue<string>(out var text):
                return Text(text, key);
            case JsonArray array:
                return array.Count == 0 ? null : new JsonArray([.. array.Select(item => Level(item, ""))]);
            case JsonObject map when map["metadata"] is JsonObject metadata && metadata.Count > 0 && metadata.All(m => m.Value is JsonValue):
                return Payload(metadata, map["data"]?.GetValue<string>() ?? "");
            case JsonObject map when map["payload"] is JsonObject payload && map.Count == 1:
                return Levelled(payload["encoding"]?.GetValue<string>() ?? "", payload["metadata"]?["type"]?.GetValue<string>(), payload["data"]);
            case JsonObject map:
                return Object(map);
            default:
                return node.DeepClone();
        }
    }

    private JsonObject? Object(JsonObject map)
    {
        var levelled = new JsonObject();
        var sticky = map["kind"]?.GetValue<string>() == "TASK_QUEUE_KIND_STICKY";
        foreach (var (name, value) in map)
        {
            if (AlwaysDropped.Contains(name) || dropped.Contains(name))
            {
                continue;
            }

            var of = sticky && name == "name" ? "<sticky>" : name == "source" && value?.GetValue<string>() != "Server" ? "<sdk>" : Level(value, name);
            if (of is not null && of is not JsonObject { Count: 0 } && !(of is JsonValue text && text.TryGetValue<string>(out var empty) && empty.Length == 0))
            {
                levelled[Named(name)] = of;
            }
        }

        return levelled.Count == 0 ? null : levelled;
    }

    private JsonNode? Text(string text, string key)
    {
        if (key == "identity" && text.Length > 0 && text is not ("conformance-client" or "conformance-worker"))
        {
            return "<server>";
        }

        if (key.EndsWith("Time", StringComparison.Ordinal) && text.EndsWith('Z'))
        {
            return "<time>";
        }

        if (Seconds().IsMatch(text))
        {
            return decimal.Parse(text[..^1], CultureInfo.InvariantCulture) is var seconds && seconds == 0 ? null : $"{seconds.ToString("0.#########", CultureInfo.InvariantCulture)}s";
        }

        // 64-bit numbers travel as text in JSON.
        return Whole().IsMatch(text) && !Names().IsMatch(key) ? (text == "0" ? null : long.Parse(text, CultureInfo.InvariantCulture)) : Named(text);
    }

    private string Named(string text)
    {
        var named = Uuid().Replace(text.Replace(uid, "UID", StringComparison.Ordinal), match =>
        {
            var id = match.Value.ToLowerInvariant();
            return ids.TryGetValue(id, out var known) ? known : ids[id] = $"<id:{ids.Count + 1}>";
        });
        return Time().Replace(named, "<time>");
    }

    private JsonObject Payload(JsonObject metadata, string data)
    {
        static string Utf8(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        var encoding = metadata["encoding"] is { } given ? Utf8(given.GetValue<string>()) : "";
        var json = encoding == "json/plain" && data.Length > 0 ? JsonNode.Parse(Utf8(data)) : null;
        return Levelled(encoding, metadata["type"] is { } type ? Utf8(type.GetValue<string>()) : null, json);
    }

    // One SDK says null in JSON, the other without a word; one writes search attributes as lists of one, the other as values.
    private JsonObject Levelled(string encoding, string? type, JsonNode? data)
    {
        var value = type is not (null or "KeywordList") && data is JsonArray list ? list.FirstOrDefault() : data;
        value = type == "Datetime" && DateTimeOffset.TryParse(value?.GetValue<string>(), CultureInfo.InvariantCulture, out var time) && time.Year < 2020
            ? time.UtcDateTime.ToString("O")
            : Level(value?.DeepClone(), "");
        var payload = new JsonObject { ["encoding"] = value is null && encoding is "binary/null" or "json/plain" && value is null ? "null" : encoding };
        if (type is not null)
        {
            payload["type"] = type;
        }

        payload["data"] = value;
        return new JsonObject { ["value"] = payload };
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|<id:[0-9]+>", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")]
    private static partial Regex Time();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?s$")]
    private static partial Regex Seconds();

    [GeneratedRegex("^[0-9]+$")]
    private static partial Regex Whole();

    [GeneratedRegex("^(timerId|activityId|protocolInstanceId|updateId)$")]
    private static partial Regex Names();
}
