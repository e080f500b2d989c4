using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>OCSF 1.3: each event is an API Activity (class 6003); what OCSF has no attribute for is kept under <c>unmapped</c>.</summary>
internal sealed class OcsfFormat : IEventFormat
{
    private const int ApiActivity = 6003;
    private const int Informational = 1;
    private const int Medium = 3;

    private static readonly string[] Mapped =
        ["event_id", "timestamp", "action", "resource", "user_context", "result", "latency_ms", "trace_id", "service", "policy", "sequence"];

    public string Name => "ocsf";

    public string MediaType => "application/json";

    public JsonObject Write(JsonObject fields)
    {
        var activity = ActivityOf(fields.Text("action"));
        var result = fields.Text("result");
        var written = new JsonObject
        {
            ["category_uid"] = 6,
            ["category_name"] = "Application Activity",
            ["class_uid"] = ApiActivity,
            ["class_name"] = "API Activity",
            ["activity_id"] = activity.Id,
            ["activity_name"] = activity.Name,
            ["type_uid"] = (ApiActivity * 100) + activity.Id,
            ["type_name"] = $"API Activity: {activity.Name}",
            ["time"] = fields.Time("timestamp").ToUnixTimeMilliseconds(),
            ["duration"] = fields["latency_ms"]?.DeepClone(),
            ["severity_id"] = result is "denied" or "failure" ? Medium : Informational,
            ["severity"] = result is "denied" or "failure" ? "Medium" : "Informational",
            ["status_id"] = result is "success" or "allowed" ? 1 : result is "denied" or "failure" ? 2 : 99,
            ["status"] = result,
            ["metadata"] = Metadata(fields),
            ["actor"] = Actor(fields),
            ["api"] = new JsonObject { ["operation"] = fields.Text("action"), ["service"] = new JsonObject { ["name"] = fields.Text("service") } },
            ["src_endpoint"] = new JsonObject { ["name"] = fields.Text("service") },
            ["resources"] = Resources(fields),
        };
        AddDecision(written, fields);
        written["unmapped"] = new JsonObject(fields.Where(field => !Mapped.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        return written;
    }

    private static JsonObject Metadata(JsonObject fields) => new()
    {
        ["version"] = "1.3.0",
        ["uid"] = fields.Text("event_id"),
        ["correlation_uid"] = fields.Text("trace_id"),
        ["sequence"] = fields["sequence"]?.DeepClone(),
        ["product"] = new JsonObject { ["name"] = "Mainstay", ["vendor_name"] = "Mainstay" },
        ["log_name"] = "audit",
        ["profiles"] = fields["policy"] is JsonObject ? new JsonArray("security_control") : [],
    };

    private static JsonObject Actor(JsonObject fields)
    {
        var user = fields.Child("user_context");
        return new JsonObject
        {
            ["user"] = new JsonObject { ["name"] = user.Text("on_behalf_of") is { Length: > 0 } other ? other : user.Text("initiated_by") },
            ["invoked_by"] = fields.Text("agent_id") is { Length: > 0 } agent ? agent : user.Text("initiated_by"),
        };
    }

    private static JsonArray Resources(JsonObject fields)
    {
        var resource = fields.Child("resource");
        return [new JsonObject
        {
            ["uid"] = resource.Text("document_id"),
            ["name"] = resource.Text("document_name"),
            ["namespace"] = resource.Text("project_id"),
            ["type"] = resource.Text("connector"),
        }];
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
            _ => (99, "Needs approval", 99, "Needs approval"),
        };
        written["policy"] = new JsonObject
        {
            ["name"] = policy.Text("rule"),
            ["group"] = new JsonObject { ["name"] = policy.Text("level") },
            ["version"] = policy.Text("policy_version"),
            ["desc"] = policy.Text("reason"),
        };
    }

    private static (int Id, string Name) ActivityOf(string action) => action.Split('_')[^1] switch
    {
        "create" or "register" or "publish" or "start" => (1, "Create"),
        "read" or "get" or "search" or "list" => (2, "Read"),
        "update" or "set" or "approve" or "reject" or "pause" or "resume" => (3, "Update"),
        "delete" or "remove" => (4, "Delete"),
        _ => (99, "Other"),
    };
}
