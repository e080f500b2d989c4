using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Audit.V1;
using BusEvent = Mainstay.BusContracts.AuditEvent;

namespace Mainstay.Audit.Tests.Recording;

public sealed class RecordEventsTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    private readonly string workflow = $"workflow-{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AuditService.AuditServiceClient Producer => new(audit.Service.As("crm", ("role", "service")));

    [Fact]
    public async Task RecordEvents_SentTwice_StoresThemOnce()
    {
        var request = new RecordEventsRequest { Events = { NewEvent(), NewEvent() } };

        var first = await Producer.RecordEventsAsync(request, cancellationToken: Cancellation);
        var second = await Producer.RecordEventsAsync(request, cancellationToken: Cancellation);

        Assert.Equal((2, 0), (first.StoredCount, first.KnownCount));
        Assert.Equal((0, 2), (second.StoredCount, second.KnownCount));
        var stored = await audit.StoredAsync(workflow, 2);
        Assert.Equal(request.Events.Select(one => one.EventId).Order(), stored.Select(one => one.EventId).Order());
        Assert.Equal(request.Events[0].UserContext, stored[0].UserContext);
    }

    [Fact]
    public async Task RecordEvents_OneInvalid_StoresNoneAndSaysWhich()
    {
        var invalid = NewEvent();
        invalid.Action = "";

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => Producer.RecordEventsAsync(new RecordEventsRequest { Events = { NewEvent(), invalid } }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Contains("events[1]", exception.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(await audit.StoredAsync(workflow, 0));
    }

    [Fact]
    public async Task RecordEvents_TakenId_IsNamed()
    {
        var one = NewEvent();
        await Producer.RecordEventsAsync(new RecordEventsRequest { Events = { one } }, cancellationToken: Cancellation);
        one.Result = "denied";

        var response = await Producer.RecordEventsAsync(new RecordEventsRequest { Events = { one } }, cancellationToken: Cancellation);

        Assert.Equal(one.EventId, Assert.Single(response.TakenEventIds));
    }

    [Fact]
    public async Task RecordEvents_User_IsDeniedAndThatIsAnEvent()
    {
        var subject = $"mallory-{Guid.CreateVersion7():n}";
        var user = new AuditService.AuditServiceClient(audit.Service.As(subject, ("rbac_scope", "audit:read")));

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => user.RecordEventsAsync(new RecordEventsRequest { Events = { NewEvent(), NewEvent() } }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.PermissionDenied, exception.StatusCode);
        Assert.Empty(await audit.StoredAsync(workflow, 0));
        var found = await audit.Administrator().SearchEventsAsync(new SearchEventsRequest { Filter = new EventFilter { InitiatedBy = subject } }, cancellationToken: Cancellation);
        var denied = Assert.Single(found.Events);
        Assert.Equal(("audit_record", "denied", "audit"), (denied.Action, denied.Result, denied.Service));
        Assert.Equal(("RecordEvents", "2 events"), (denied.Attributes["rpc"], denied.Attributes["request"]));
    }

    [Fact]
    public async Task Consume_UnknownFields_AreKept()
    {
        var node = JsonSerializer.SerializeToNode(AuditFixture.NewEvent(workflow))!;
        node["zone"] = new JsonObject { ["b"] = 1.50, ["a"] = new JsonArray(1, "é", null, true) };
        await audit.PublishAsync(node.ToJsonString());

        var stored = await EntryAsync(1);

        Assert.Equal("""{"a":[1,"é",null,true],"b":1.5}""", stored["zone"]!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task Consume_OversizeEvent_IsCutByRuleAndSaysSo()
    {
        var large = AuditFixture.NewEvent(workflow) with
        {
            Attributes = new Dictionary<string, string> { ["long"] = new('x', 300_000), ["short"] = "kept", ["pair"] = new string('y', 1023) + "😀" + new string('z', 2000) },
        };
        await audit.PublishAsync(large);
        await audit.PublishAsync(large);
        await audit.PublishAsync(AuditFixture.NewEvent(workflow, "last"));
        await audit.StoredAsync(workflow, 2);

        var stored = await EntryAsync(2);

        Assert.Equal($"{new string('x', 1024)}…", (string?)stored["attributes"]!["long"]);
        Assert.Equal($"{new string('y', 1023)}…", (string?)stored["attributes"]!["pair"]);
        Assert.Equal("kept", (string?)stored["attributes"]!["short"]);
        Assert.True((int)stored["truncated"]!["original_bytes"]! > 300_000);
        Assert.Equal(64, ((string)stored["truncated"]!["original_sha256"]!).Length);
    }

    private async Task<JsonNode> EntryAsync(int count)
    {
        await audit.StoredAsync(workflow, count);
        await using var connection = await audit.Database.OpenConnectionAsync(Cancellation);
        return JsonNode.Parse((await connection.QueryFirstAsync<string>(
            "select entry from audit_event where workflow_id = @workflow and action = 'tool_call'", new { workflow })))!;
    }

    private AuditEvent NewEvent() => new()
    {
        EventId = BusEvent.NewId(TimeProvider.System),
        Timestamp = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc).ToTimestamp(),
        WorkflowId = workflow,
        Action = "record_update",
        Result = "success",
        Service = "crm",
        UserContext = new AuditUserContext { InitiatedBy = "ada" },
        Attributes = { ["customer"] = "17" },
    };
}
