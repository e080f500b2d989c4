using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Recording;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Tests.Recording;

/// <summary>What is taken for canonical is stored and hashed as it came, so it must be what the canonical writer writes.</summary>
public sealed class CanonicalFormTests
{
    private const string Event = """
        "action":"a","agent_id":"ä","attributes":{"a":"1","aa":"2","b":""},"event_id":"evt_01","more":[[],{},[1,{"x":null}],true],"policy":null,"result":"r","service":"s","timestamp":"2026-01-02T03:04:05Z"
        """;

    public static TheoryData<string> Unlike =>
    [
        $$$"""{ {{{Event}}}}""",
        $$$"""{{{{Event}}}} """,
        $$$"""{{{{Event}}},"trace_id":"\u0061"}""",
        $$$"""{{{{Event}}},"z":{"\u0061":1}}""",
        $$$"""{{{{Event}}},"a":1}""",
        $$$"""{{{{Event}}},"timestamp":"2026-01-02T03:04:05Z"}""",
        $$$"""{{{{Event}}},"z":{"b":1,"a":2}}""",
        $$$"""{{{{Event}}},"z":[{"b":1},{"a":2,"a":3}]}""",
        $$$"""{{{{Event}}},"z":1.0}""",
        $$$"""{{{{Event}}},"z":-0}""",
        $$$"""{{{{Event}}},"z":1e3}""",
        $$$"""{{{{Event}}},"z":12345678901234567}""",
        $$$"""{{{{Event}}},"é":1}""",
    ];

    [Fact]
    public void IsCanonical_EventAsServicesSendIt_IsStoredAsItCame()
    {
        var auditEvent = AuditFixture.NewEvent("task_1") with { AgentId = "Zoë", Policy = new(), Attributes = new Dictionary<string, string> { ["tool"] = "read", ["size"] = "1 µm" } };
        var sent = CanonicalJson.Serialize(JsonSerializer.SerializeToNode(auditEvent));

        Assert.True(IncomingEvent.TryRead(sent, out var read, out _));
        Assert.True(read!.Entry.Equals(sent.AsMemory()));
    }

    [Fact]
    public void IsCanonical_EveryKindOfValue_IsKnown()
    {
        Assert.NotNull(QuickFields.TryRead(Encoding.UTF8.GetBytes($$$"""{{{{Event}}},"z":{"0":0,"1":123456789012345}}"""), out var isCanonical));
        Assert.True(isCanonical);
    }

    [Theory]
    [MemberData(nameof(Unlike))]
    public void IsCanonical_AnythingElse_IsNot(string json)
    {
        Assert.NotNull(QuickFields.TryRead(Encoding.UTF8.GetBytes(json), out var isCanonical));
        Assert.False(isCanonical);
    }

    [Fact]
    public void IsCanonical_SpaceAnywhere_IsNot()
    {
        const string Json = $$$"""{{{{Event}}}}""";
        var known = 0;
        for (var at = 0; at <= Json.Length; at++)
        {
            var spaced = Encoding.UTF8.GetBytes(Json.Insert(at, " "));
            try
            {
                QuickFields.TryRead(spaced, out var isCanonical);
                known += isCanonical ? 1 : 0;
                Assert.True(!isCanonical || CanonicalJson.Serialize(JsonNode.Parse(spaced)).AsSpan().SequenceEqual(spaced), $"a space at {at}");
            }
            catch (JsonException)
            {
                // A space within a word or a number: no JSON.
            }
        }

        // Within texts and names it belongs to them.
        Assert.NotEqual(0, known);
    }
}
