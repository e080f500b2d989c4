using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Shaping;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Tests.Sinks.Shaping;

public sealed class OcsfFormatTests
{
    private static readonly AuditEvent Denied = TrailDatabase.NewEvent("tool_call", "denied") with
    {
        WorkflowId = "task_1",
        AgentId = "reviewer",
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        LatencyMs = 3,
        Resource = new AuditResource { Connector = "filesystem", ProjectId = "north", DocumentName = "write_file" },
        UserContext = new AuditUserContext { InitiatedBy = "ada", OnBehalfOf = "grace" },
        Policy = new AuditPolicy { Decision = "deny", Level = "platform", Rule = "no-writes", PolicyVersion = "12", Reason = "writes are closed" },
    };

    private static readonly IReadOnlyDictionary<string, AuditEvent> Events = new Dictionary<string, AuditEvent>
    {
        ["denied"] = Denied,
        ["allowed"] = Denied with { Result = "allowed", Policy = new AuditPolicy { Decision = "allow" } },
        ["needs approval"] = Denied with { Result = "pending", Policy = new AuditPolicy { Decision = "needs-approval", Rule = "spending" } },
        ["no decision said"] = Denied with { Policy = new AuditPolicy() },
        ["no policy"] = Denied with { Policy = null },
        ["nobody"] = TrailDatabase.NewEvent("audit_retention"),
        ["created"] = TrailDatabase.NewEvent("skill_publish"),
        ["resource without a name"] = Denied with { Resource = new AuditResource { Connector = "filesystem" } },
        ["resource of a project alone"] = Denied with { Resource = new AuditResource { ProjectId = "north" } },
    };

    public static TheoryData<string, string> Cases => [.. Events.Keys.SelectMany(name => (string[])["1.4.0", "1.8.0"], (name, version) => (name, version))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Write_Event_IsAnApiActivityOfTheSchema(string name, string version) => Assert.Empty(new OcsfSchema(version).Violations(Write(Events[name])));

    [Theory]
    [InlineData("1.4.0", "colour", "colour is not known")]
    [InlineData("1.4.0", "action_id", "action_id is not known")]
    public void Schema_AttributeThatTheClassDoesNotHave_IsNamed(string version, string attribute, string violation)
    {
        var written = Write(Events["no policy"]);
        written[attribute] = 1;

        Assert.Equal(violation, Assert.Single(new OcsfSchema(version).Violations(written)));
    }

    [Fact]
    public void Write_Denied_SaysWhoWasRefusedWhatByWhichRule()
    {
        var written = Write(Denied);

        Assert.Equal((6003, 600399, "tool_call"), ((int)written["class_uid"]!, (int)written["type_uid"]!, (string?)written["activity_name"]));
        Assert.Equal(Denied.Timestamp.ToUnixTimeMilliseconds(), (long)written["time"]!);
        Assert.Equal((2, "Failure", "denied"), ((int)written["status_id"]!, (string?)written["status"], (string?)written["status_code"]));
        Assert.Equal("1.4.0", (string?)written["metadata"]!["version"]);
        Assert.Equal(Denied.EventId, (string?)written["metadata"]!["uid"]);
        Assert.Equal("north", (string?)written["metadata"]!["tenant_uid"]);
        Assert.Equal("tool_call", (string?)written["api"]!["operation"]);
        Assert.Equal(("grace", "reviewer"), ((string?)written["actor"]!["user"]!["name"], (string?)written["actor"]!["invoked_by"]));
        Assert.Equal((2, 2), ((int)written["action_id"]!, (int)written["disposition_id"]!));
        Assert.Equal("no-writes", (string?)written["policy"]!["name"]);
        Assert.Equal("task_1", (string?)written["unmapped"]!["workflow_id"]);
    }

    // As text and back, as a receiver has it.
    private static JsonObject Write(AuditEvent auditEvent)
    {
        var fields = JsonSerializer.SerializeToNode(auditEvent)!.AsObject();
        fields["sequence"] = 7;
        fields["hash"] = new string('a', 64);
        return JsonNode.Parse(new OcsfFormat().Write(fields).ToJsonString())!.AsObject();
    }
}
