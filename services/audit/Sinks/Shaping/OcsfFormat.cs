using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>OCSF 1.4: each event is an API Activity (class 6003); what OCSF has no attribute for is kept under <c>unmapped</c>.</summary>
internal sealed class OcsfFormat : IEventFormat
{
    private const int ApiActivity = 6003;
    private const int Informational = 1;
    private const int Medium = 3;
    private const int Other = 99;

    private static readonly string[] Mapped =
        ["event_id", "timestamp", "action", "resource", "user_context", "result", "latency_ms", "trace_id", "service", "policy", "sequence"];

    public string Name => "ocsf";

    public string MediaType => "application/json";

    public JsonObject Write(JsonObject fields)
    {
        var action = fields.Text("action");
        var (activityId, activity) = ActivityOf(action);
        var result = fields.Text("result");
        var isRefusal = result is "denied" or "failure";
        var (statusId, status) = isRefusal ? (2, "Failure") : result is "success" or "allowed" ? (1, "Success") : (Other, result);
        var written = new JsonObject
        {
            ["category_uid"] = 6,
            ["category_name"] = "Application Activity",
            ["class_uid"] = ApiActivity,
            ["class_name"] = "API Activity",
            ["activity_id"] = activityId,
            ["activity_name"] = activityId == Other ? action : activity,
            ["type_uid"] = (ApiActivity * 100) + activityId,
            ["type_name"] = $"API Activity: {activity}",
            ["time"] = fields.Time("timestamp").ToUnixTimeMilliseconds(),
            ["duration"] = fields["latency_ms"] is JsonValue latency && latency.GetValueKind() == JsonValueKind.Number ? latency.DeepClone() : null,
            ["severity_id"] = isRefusal ? Medium : Informational,
            ["severity"] = isRefusal ? "Medium" : "Informational",
            ["status_id"] = statusId,
            ["status"] = status,
            ["status_code"] = result,
            ["metadata"] = Metadata(fields),
            ["actor"] = Actor(fields),
            ["api"] = new JsonObject { ["operation"] = action, ["service"] = new JsonObject { ["name"] = fields.Text("service") } },
            ["src_endpoint"] = new JsonObject { ["name"] = fields.Text("service") },
            ["resources"] = Resource(fields) is { Count: > 0 } resource ? new JsonArray(resource) : null,
            ["unmapped"] = new JsonObject(fields.Where(field => !Mapped.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))),
        };
        AddDecision(written, fields);
        return Filled(written);
    }

    private static JsonObject Metadata(JsonObject fields) => Filled(new JsonObject
    {
        ["version"] = "1.4.0",
        ["uid"] = fields.Text("event_id"),
        ["correlation_uid"] = fields.Text("trace_id"),
        ["sequence"] = fields["sequence"]?.DeepClone(),
        ["original_time"] = fields.Text("timestamp"),
        ["tenant_uid"] = fields.Child("resource").Text("project_id"),
        ["product"] = new JsonObject { ["name"] = "Mainstay", ["vendor_name"] = "Mainstay" },
        ["log_name"] = "audit",
        ["profiles"] = fields["policy"] is JsonObject ? new JsonArray("security_control") : null,
    });

    // The schema wants a user or what acts in place of one.
    private static JsonObject Actor(JsonObject fields)
    {
        var user = fields.Child("user_context");
        var name = user.Text("on_behalf_of") is { Length: > 0 } other ? other : user.Text("initiated_by");
        return Filled(new JsonObject
        {
            ["user"] = name.Length > 0 ? new JsonObject { ["name"] = name } : null,
            ["invoked_by"] = fields.Text("agent_id") is { Length: > 0 } agent ? agent
                : user.Text("initiated_by") is { Length: > 0 } initiator ? initiator
                : fields.Text("service"),
        });
    }

    // A resource needs a name or an id.
    private static JsonObject Resource(JsonObject fields)
    {
        var resource = fields.Child("resource");
        var (name, id) = (resource.Text("document_name"), resource.Text("document_id"));
        return Filled(new JsonObject
        {
            ["uid"] = id,
            ["name"] = name.Length + id.Length > 0 ? name : resource.Text("connector"),
            ["namespace"] = name.Length + id.Length + resource.Text("connector").Length > 0 ? resource.Text("project_id") : "",
            ["type"] = resource.Text("connector"),
        });
    }

    // The profile security_control: what the rules made of the request.
    private static void AddDecision(JsonObject written, JsonObject fields)
    {
        if (fields["policy"] is not JsonObject policy)
        {
            return;
        }

        (written["action_id"], written["action"], written["disposition_id"], written["disposition"]) = policy.Text("decision") switch
        {
            "allow" => (1, "Allowed", 1, "Allowed"),
            "deny" => (2, "Denied", 2, "Blocked"),
            "" => (0, "Unknown", 0, "Unknown"),
            var decision => (Other, decision, Other, decision),
        };
        if (policy.Text("rule") is { Length: > 0 } rule)
        {
            written["policy"] = Filled(new JsonObject
            {
                ["name"] = rule,
                ["group"] = policy.Text("level") is { Length: > 0 } level ? new JsonObject { ["name"] = level } : null,
                ["version"] = policy.Text("policy_version"),
                ["desc"] = policy.Text("reason"),
            });
        }
    }

    // The schema knows no empty texts: what is not known is left out.
    private static JsonObject Filled(JsonObject attributes)
    {
        foreach (var empty in attributes.Where(one => one.Value is null || (one.Value is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0)).ToList())
        {
            attributes.Remove(empty.Key);
        }

        return attributes;
    }

    private static (int Id, string Name) ActivityOf(string action) => action.Split('_')[^1] switch
    {
        "create" or "register" or "publish" or "start" => (1, "Create"),
        "read" or "get" or "search" or "list" => (2, "Read"),
        "update" or "set" or "approve" or "reject" or "pause" or "resume" => (3, "Update"),
        "delete" or "remove" => (4, "Delete"),
        _ => (Other, "Other"),
    };
}
