using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Search;
using Mainstay.Audit.Sinks;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Tests.Sinks.Shaping;

public sealed class ShapingTests
{
    private static readonly SinkLimits Limits = new(100, 1_000_000, 100_000);

    private static readonly AuditEvent Denied = TrailDatabase.NewEvent("tool_call", "denied") with
    {
        WorkflowId = "task_1",
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        Resource = new AuditResource { Connector = "filesystem", DocumentName = "write_file" },
        UserContext = new AuditUserContext { InitiatedBy = "ada" },
        Policy = new AuditPolicy { Decision = "deny", Level = "platform", Rule = "no-writes" },
        Attributes = new Dictionary<string, string> { ["email"] = "ada@example.org", ["tool"] = "write_file" },
    };

    [Theory]
    [InlineData(true, "include:result:0", "denied")]
    [InlineData(true, "include:action:0", "tool_*")]
    [InlineData(true, "include:resource.connector:0", "file*")]
    [InlineData(false, "include:result:0", "success")]
    [InlineData(false, "exclude:service:0", "tool-gateway")]
    [InlineData(false, "exclude:policy.decision:0", "deny")]
    [InlineData(true, "exclude:agent_id:0", "reviewer")]
    public void Filter_Event_PassesOrNot(bool passes, string key, string value) => Assert.Equal(passes, Shape(Denied, (key, value)) is not null);

    [Fact]
    public void Redact_Fields_AreBlackedOutOrLeftOut()
    {
        var fields = Shape(Denied, ("redact:0", "user_context.initiated_by"), ("redact:1", "attributes.*"), ("remove:0", "policy"))!;

        Assert.Equal("[redacted]", (string?)fields["user_context"]!["initiated_by"]);
        Assert.All(fields["attributes"]!.AsObject(), attribute => Assert.Equal("[redacted]", (string?)attribute.Value));
        Assert.False(fields.ContainsKey("policy"));
        Assert.DoesNotContain("ada", fields.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_FieldThatIsRedacted_StillFilters() =>
        Assert.NotNull(Shape(Denied, ("include:user_context.initiated_by:0", "ada"), ("redact:0", "user_context.initiated_by")));

    [Fact]
    public void CloudEvents_Event_HasTheAttributesOfTheBus()
    {
        var written = Shape(Denied, ("format", "cloudevents"))!;

        Assert.Equal("1.0", (string?)written["specversion"]);
        Assert.Equal(Denied.EventId, (string?)written["id"]);
        Assert.Equal("/mainstay/tool-gateway", (string?)written["source"]);
        Assert.Equal("mainstay.audit.tool_call", (string?)written["type"]);
        Assert.Equal("task_1", (string?)written["subject"]);
        Assert.Equal("urn:mainstay:audit-event:1", (string?)written["dataschema"]);
        Assert.Equal(Denied.Timestamp, DateTimeOffset.Parse((string)written["time"]!));
        Assert.Equal("denied", (string?)written["data"]!["result"]);
        Assert.Equal(7, (long)written["data"]!["sequence"]!);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("cloudevents")]
    [InlineData("ocsf")]
    public void Shape_TextThatWouldForgeALine_IsEscapedInEveryFormat(string format)
    {
        var forged = Denied with { UserContext = new AuditUserContext { InitiatedBy = "ada\r\n{\"action\":\"forged\"}\u001b[2K\u2028\u202e" } };

        var json = ShapeToText(forged, ("format", format));

        Assert.All(json, character => Assert.InRange(character, ' ', '~'));
    }

    private static JsonObject? Shape(AuditEvent auditEvent, params (string, string)[] settings) =>
        ShapeToText(auditEvent, settings) is { Length: > 0 } json ? JsonNode.Parse(json)!.AsObject() : null;

    private static string ShapeToText(AuditEvent auditEvent, params (string, string)[] settings)
    {
        var sink = TrailDatabase.Configure(new ScriptedSink(Limits), settings);
        return sink.Shape.Shape(new StoredEvent(7, JsonSerializer.Serialize(auditEvent), new string('a', 64)), sink.Sink)?.Event.Json ?? "";
    }
}
