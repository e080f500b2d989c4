using Mainstay.BusContracts;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Audit events as an agent platform makes them: of many workflows, agents, people and projects, about 700 bytes of JSON each.</summary>
internal static class AuditLoad
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A number of events whose ids are new.</summary>
    public static IReadOnlyList<AuditEvent> NewEvents(int count) => [.. Enumerable.Range(0, count).Select(i => new AuditEvent
    {
        EventId = AuditEvent.NewId(TimeProvider.System),
        Timestamp = Start.AddMilliseconds(i),
        WorkflowId = $"task_{i / 20:d10}",
        ActivityId = $"{i % 20}",
        AgentId = $"agent-{i % 97}",
        Action = i % 3 == 0 ? "llm_completion" : "tool_call",
        Resource = new() { Connector = "filesystem", ProjectId = $"project-{i % 11}", DocumentId = $"sheet-{i % 5003}", DocumentName = "read_text_file" },
        RbacScope = "tasks:run skills:read",
        UserContext = new() { InitiatedBy = $"user-{i % 499}@plant.example" },
        Result = i % 50 == 0 ? "denied" : "success",
        LatencyMs = i % 900,
        TraceId = $"{i / 20:x32}",
        Service = "tool-gateway",
        Policy = new() { Decision = "allow", Level = "workflow", Rule = "readers-may-read", PolicyVersion = "12", Reason = "granted to the agent's role" },
        Attributes = new Dictionary<string, string> { ["tool"] = "read_text_file", ["iteration"] = $"{i % 20}" },
    })];
}
