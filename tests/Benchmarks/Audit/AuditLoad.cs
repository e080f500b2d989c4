using System.Text.Json;
using Mainstay.BusContracts;
using RabbitMQ.Client;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Audit events as an agent platform makes them, and the queue that they wait in.</summary>
internal sealed class AuditLoad(Uri broker, string queue)
{
    private const int Unconfirmed = 2000;

    /// <summary>Events of many workflows, agents, people and projects, about 700 bytes of JSON each.</summary>
    public static IReadOnlyList<AuditEvent> NewEvents(int count, DateTimeOffset start) => [.. Enumerable.Range(0, count).Select(i => new AuditEvent
    {
        EventId = AuditEvent.NewId(TimeProvider.System),
        Timestamp = start.AddMilliseconds(i),
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

    /// <summary>Puts events into the queue; returns once the broker has confirmed all.</summary>
    public async Task PublishAsync(IEnumerable<AuditEvent> events, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        foreach (var chunk in events.Chunk(Unconfirmed))
        {
            await Task.WhenAll(chunk.Select(one => channel.BasicPublishAsync(
                "", queue, mandatory: true, new BasicProperties { Persistent = true }, JsonSerializer.SerializeToUtf8Bytes(one), cancellationToken).AsTask()));
        }
    }
}
