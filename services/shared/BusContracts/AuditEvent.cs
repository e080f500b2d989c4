using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Mainstay.BusContracts;

/// <summary>One audit event as it travels on RabbitMQ: exchange <c>mainstay.audit</c>, routing key <c>service.action.result</c>, plain JSON.</summary>
public sealed record AuditEvent
{
    /// <summary>The version of this format.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>"evt_" and a ULID, chosen by the producer.</summary>
    [JsonPropertyName("event_id")]
    public required string EventId { get; init; }

    /// <summary>When it happened, to the millisecond, UTC.</summary>
    [JsonPropertyName("timestamp")]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The Temporal workflow; empty outside of one.</summary>
    [JsonPropertyName("workflow_id")]
    public string WorkflowId { get; init; } = "";

    /// <summary>The activity within the workflow; empty outside of one.</summary>
    [JsonPropertyName("activity_id")]
    public string ActivityId { get; init; } = "";

    /// <summary>The agent that acted; empty when a person or service acted.</summary>
    [JsonPropertyName("agent_id")]
    public string AgentId { get; init; } = "";

    /// <summary>What was done, for example "tool_call".</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    /// <summary>What it was done to.</summary>
    [JsonPropertyName("resource")]
    public AuditResource Resource { get; init; } = new();

    /// <summary>The scope under which it was done.</summary>
    [JsonPropertyName("rbac_scope")]
    public string RbacScope { get; init; } = "";

    /// <summary>For whom it was done.</summary>
    [JsonPropertyName("user_context")]
    public AuditUserContext UserContext { get; init; } = new();

    /// <summary>How it ended: "success", "failure", "allowed" or "denied".</summary>
    [JsonPropertyName("result")]
    public required string Result { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    [JsonPropertyName("latency_ms")]
    [JsonConverter(typeof(WholeNumberConverter<long>))]
    public long LatencyMs { get; init; }

    /// <summary>W3C trace id; empty when not traced.</summary>
    [JsonPropertyName("trace_id")]
    public string TraceId { get; init; } = "";

    /// <summary>The service that recorded it.</summary>
    [JsonPropertyName("service")]
    public required string Service { get; init; }

    /// <summary>The permission decision behind it; null where none was made.</summary>
    [JsonPropertyName("policy")]
    public AuditPolicy? Policy { get; init; }

    /// <summary>The version of this format.</summary>
    [JsonPropertyName("schema_version")]
    [JsonConverter(typeof(WholeNumberConverter<int>))]
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Further facts, never secrets or content of prompts.</summary>
    [JsonPropertyName("attributes")]
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>A new event id: "evt_" and a ULID (https://github.com/ulid/spec), which sorts by time.</summary>
    public static string NewId(TimeProvider clock)
    {
        const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        var milliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds();
        Span<char> id = stackalloc char[26];
        for (var i = 9; i >= 0; i--, milliseconds >>= 5)
        {
            id[i] = Alphabet[(int)(milliseconds & 31)];
        }

        for (var i = 0; i < 16; i++)
        {
            id[10 + i] = Alphabet[random[i] & 31];
        }

        return $"evt_{id}";
    }
}

/// <summary>What an action was done to.</summary>
public sealed record AuditResource
{
    /// <summary>The connector.</summary>
    [JsonPropertyName("connector")]
    public string Connector { get; init; } = "";

    /// <summary>The project.</summary>
    [JsonPropertyName("project_id")]
    public string ProjectId { get; init; } = "";

    /// <summary>The document's id.</summary>
    [JsonPropertyName("document_id")]
    public string DocumentId { get; init; } = "";

    /// <summary>The document's name.</summary>
    [JsonPropertyName("document_name")]
    public string DocumentName { get; init; } = "";
}

/// <summary>For whom an action was done.</summary>
public sealed record AuditUserContext
{
    /// <summary>The subject that started it.</summary>
    [JsonPropertyName("initiated_by")]
    public string InitiatedBy { get; init; } = "";

    /// <summary>The subject it was done for, when that is another.</summary>
    [JsonPropertyName("on_behalf_of")]
    public string OnBehalfOf { get; init; } = "";
}

/// <summary>A permission decision.</summary>
public sealed record AuditPolicy
{
    /// <summary>"allow", "deny" or "needs_approval".</summary>
    [JsonPropertyName("decision")]
    public string Decision { get; init; } = "";

    /// <summary>The level that decided.</summary>
    [JsonPropertyName("level")]
    public string Level { get; init; } = "";

    /// <summary>The rule that decided.</summary>
    [JsonPropertyName("rule")]
    public string Rule { get; init; } = "";

    /// <summary>The version of the rules in force.</summary>
    [JsonPropertyName("policy_version")]
    public string PolicyVersion { get; init; } = "";

    /// <summary>Why, in words.</summary>
    [JsonPropertyName("reason")]
    public string Reason { get; init; } = "";
}
