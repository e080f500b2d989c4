using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Mainstay.Audit.Recording;

namespace Mainstay.Audit.Tests.Recording;

public sealed class RecordingTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    private readonly string workflow = $"workflow-{Guid.CreateVersion7():n}";

    [Fact]
    public async Task Consume_Event_StoresItWithItsPlaceInTheChain()
    {
        var published = AuditFixture.NewEvent(workflow);

        await audit.PublishAsync(published);

        var stored = Assert.Single(await audit.StoredAsync(workflow, 1));
        Assert.Equal(published.EventId, stored.EventId);
        Assert.Equal(published.Timestamp, stored.Timestamp.ToDateTimeOffset());
        Assert.Equal("1 µm", stored.Attributes["größe"]);
        Assert.True(stored.Sequence > 0);
        Assert.Equal(64, stored.Hash.Length);
    }

    [Fact]
    public async Task Consume_SameEventTwice_KeepsOneEntry()
    {
        var published = AuditFixture.NewEvent(workflow);

        await audit.PublishAsync(published);
        await audit.StoredAsync(workflow, 1);
        await audit.PublishAsync(published);
        await audit.PublishAsync(published);
        await audit.PublishAsync(AuditFixture.NewEvent(workflow, "last"));

        var stored = await audit.StoredAsync(workflow, 2);
        Assert.Equal(["tool_call", "last"], stored.Select(one => one.Action));
    }

    [Fact]
    public async Task Consume_OtherContentUnderATakenId_KeepsTheFirstAndTheDeadLetter()
    {
        var published = AuditFixture.NewEvent(workflow);
        var other = JsonSerializer.Serialize(published with { Action = "tool.forged" });

        await audit.PublishAsync(published);
        await audit.StoredAsync(workflow, 1);
        await audit.PublishAsync(other);
        await audit.PublishAsync(AuditFixture.NewEvent(workflow, "last"));

        Assert.Equal(["tool_call", "last"], (await audit.StoredAsync(workflow, 2)).Select(one => one.Action));
        await using var connection = await audit.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>(
            "select count(*) from dead_letter where reason = @Reason", new { Reason = $"The id {published.EventId} is taken by an event with other content." }));
    }

    [Theory]
    [InlineData("not json at all", "The message is not JSON: ")]
    [InlineData("[1,2]", "The message is no audit event: ")]
    [InlineData("\"text\"", "The message is no audit event: ")]
    [InlineData("""{"event_id":"evt_1"}""", "The message is no audit event: ")]
    public async Task Consume_MessageThatIsNoEvent_GoesToTheDeadLettersAndHoldsUpNothing(string body, string reason)
    {
        await audit.PublishAsync(body);
        await audit.PublishAsync(AuditFixture.NewEvent(workflow));

        await audit.StoredAsync(workflow, 1);
        Assert.StartsWith(reason, await audit.DeadLetterAsync(body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event_id", "evt_short", "event_id must be \"evt_\" and a ULID.")]
    [InlineData("action", "", "action must be 1 to 512 characters.")]
    [InlineData("schema_version", 2, "schema_version must be 1, not 2.")]
    [InlineData("rbac_scope", "a\0b", "The event holds the character U+0000.")]
    [InlineData("resource", null, "resource, user_context and attributes must not be null.")]
    [InlineData("workflow_id", null, "workflow_id must not be null.")]
    public async Task Consume_EventWithAnInvalidField_GoesToTheDeadLettersWithTheReason(string field, object? value, string reason)
    {
        var body = JsonSerializer.SerializeToNode(AuditFixture.NewEvent(workflow))!;
        body[field] = JsonSerializer.SerializeToNode(value);
        body["attributes"] = new JsonObject { ["test"] = workflow };
        var text = body.ToJsonString();

        await audit.PublishAsync(text);

        Assert.Equal(reason, await audit.DeadLetterAsync(text));
    }

    [Theory]
    [InlineData(@"it was \u0000", true)]
    [InlineData(@"\\u0000", true)]
    [InlineData("\\\0", false)]
    [InlineData("\\u0000\0", false)]
    public void Read_TextThatSpeaksOfNul_IsToldFromNulItself(string text, bool isEvent)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(AuditFixture.NewEvent(workflow) with { Attributes = new Dictionary<string, string> { ["text"] = text } });

        Assert.Equal(isEvent, IncomingEvent.TryRead(body, out _, out _));
    }
}
