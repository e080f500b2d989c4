using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Audit.V1;
using Mainstay.BusContracts;
using Mainstay.Testing;
using AuditEvent = Mainstay.BusContracts.AuditEvent;
using AuditResource = Mainstay.BusContracts.AuditResource;
using AuditUserContext = Mainstay.BusContracts.AuditUserContext;

namespace Mainstay.Audit.Tests.Search;

public sealed class QueryTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    private readonly string workflow = $"workflow-{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<EventFilter> Fitting =>
    [
        new EventFilter { ActivityId = "activity" },
        new EventFilter { AgentId = "agent" },
        new EventFilter { Action = "tool_call", Result = "failure" },
        new EventFilter { Service = "crm" },
        new EventFilter { Connector = "files" },
        new EventFilter { ProjectId = "plant" },
        new EventFilter { DocumentId = "17", DocumentName = "sheet" },
        new EventFilter { RbacScope = "tasks:run" },
        new EventFilter { InitiatedBy = "ada", OnBehalfOf = "bob" },
        new EventFilter { TraceId = "0af7651916cd43dd8448eb211c80319c" },
        new EventFilter { PolicyDecision = "allow" },
        new EventFilter { MinLatencyMs = 40, MaxLatencyMs = 50 },
        new EventFilter { Attributes = { ["site"] = "north" } },
        new EventFilter { Text = "NORTH 100%" },
        new EventFilter { StartTime = At(11), EndTime = At(12) },
    ];

    [Theory]
    [MemberData(nameof(Fitting))]
    public async Task SearchEvents_ByAnyField_FindsTheOne(EventFilter filter)
    {
        await audit.PublishAsync(AuditFixture.NewEvent(workflow));
        await audit.PublishAsync(Full());
        await audit.StoredAsync(workflow, 2);

        var found = await audit.Administrator().SearchEventsAsync(new SearchEventsRequest { WorkflowId = workflow, Filter = filter }, cancellationToken: Cancellation);

        Assert.Equal("crm", Assert.Single(found.Events).Service);
    }

    [Theory]
    [InlineData(EventOrder.OldestFirst)]
    [InlineData(EventOrder.NewestFirst)]
    public async Task SearchEvents_PagedInEitherOrder_ReturnsEachOnce(EventOrder order)
    {
        for (var i = 0; i < 9; i++)
        {
            // Three of each time.
            await audit.PublishAsync(AuditFixture.NewEvent(workflow, $"step_{i}") with { Timestamp = new DateTimeOffset(2026, 3, 1, 12, i % 3, 0, TimeSpan.Zero) });
        }

        await audit.StoredAsync(workflow, 9);
        var found = new List<V1.AuditEvent>();
        var request = new SearchEventsRequest { WorkflowId = workflow, PageSize = 2, Order = order };
        do
        {
            var page = await audit.Administrator().SearchEventsAsync(request, cancellationToken: Cancellation);
            found.AddRange(page.Events);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        var ordered = found.OrderBy(one => (one.Timestamp.ToDateTime(), one.Sequence)).Select(one => one.EventId).ToList();
        Assert.Equal(9, found.Select(one => one.EventId).Distinct().Count());
        Assert.Equal(order == EventOrder.OldestFirst ? ordered : Enumerable.Reverse(ordered), found.Select(one => one.EventId));
    }

    [Fact]
    public async Task SearchEvents_LargeEvents_EndsPagesByTheirBytes()
    {
        for (var i = 0; i < 20; i++)
        {
            await audit.PublishAsync(AuditFixture.NewEvent(workflow) with { Attributes = new Dictionary<string, string> { ["long"] = new('x', 250_000) } });
        }

        await Eventually.TrueAsync(async () => await CountAsync() == 20, Cancellation);
        var found = new List<string>();
        var request = new SearchEventsRequest { WorkflowId = workflow };
        do
        {
            var page = await audit.Administrator().SearchEventsAsync(request, cancellationToken: Cancellation);
            Assert.InRange(page.CalculateSize(), 1, 4 << 20);
            found.AddRange(page.Events.Select(one => one.EventId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(20, found.Distinct().Count());
        Assert.Equal(20, found.Count);
    }

    [Fact]
    public async Task EveryReading_OfOneProject_ShowsItsEventsAlone()
    {
        await audit.PublishAsync(Full());
        await audit.PublishAsync(AuditFixture.NewEvent(workflow));
        var stored = await audit.StoredAsync(workflow, 2);
        var reader = new AuditService.AuditServiceClient(audit.Service.As("bob", ("rbac_scope", "audit:read"), ("project", "plant")));

        var found = await reader.SearchEventsAsync(new SearchEventsRequest { WorkflowId = workflow }, cancellationToken: Cancellation);
        var counts = await reader.AggregateEventsAsync(new AggregateEventsRequest { Filter = new EventFilter { WorkflowId = workflow } }, cancellationToken: Cancellation);
        var other = await Assert.ThrowsAsync<RpcException>(() => reader.GetEventAsync(
            new GetEventRequest { EventId = stored.Single(one => one.Stream.Length == 0).EventId }, cancellationToken: Cancellation).ResponseAsync);
        var all = new AuditService.AuditServiceClient(audit.Service.As("eve", ("rbac_scope", "audit:read_all"), ("project", "plant")));
        var both = await all.SearchEventsAsync(new SearchEventsRequest { WorkflowId = workflow }, cancellationToken: Cancellation);

        Assert.Equal("plant", Assert.Single(found.Events).Stream);
        Assert.Equal(1, Assert.Single(counts.Counts).Count);
        Assert.Equal(StatusCode.NotFound, other.StatusCode);
        Assert.Equal(2, both.Events.Count);
    }

    [Fact]
    public async Task EveryReading_IsAnEventOfTheTrail()
    {
        var subject = $"auditor-{Guid.CreateVersion7():n}";
        var reader = new AuditService.AuditServiceClient(audit.Service.As(subject, ("rbac_scope", "audit:read")));
        var stranger = new AuditService.AuditServiceClient(audit.Service.As(subject));

        await reader.SearchEventsAsync(new SearchEventsRequest { WorkflowId = workflow }, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<RpcException>(() => stranger.VerifyChainAsync(new VerifyChainRequest(), cancellationToken: Cancellation).ResponseAsync);

        var found = await audit.Administrator().SearchEventsAsync(new SearchEventsRequest { Filter = new EventFilter { InitiatedBy = subject } }, cancellationToken: Cancellation);
        Assert.Equal(
            [("audit_read", "success", "SearchEvents"), ("audit_read", "denied", "VerifyChain")],
            found.Events.OrderBy(one => one.Sequence).Select(one => (one.Action, one.Result, one.Attributes["rpc"])));
        Assert.Contains(workflow, found.Events.MinBy(one => one.Sequence)!.Attributes["request"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AggregateEvents_ByFieldAndTime_Counts()
    {
        for (var i = 0; i < 6; i++)
        {
            await audit.PublishAsync(AuditFixture.NewEvent(workflow, "tool_call", i % 3 == 0 ? "denied" : "success") with { Timestamp = new DateTimeOffset(2026, 3, 1, 10 + (i / 4), 30, 0, TimeSpan.Zero) });
        }

        await audit.StoredAsync(workflow, 6);
        var request = new AggregateEventsRequest { Filter = new EventFilter { WorkflowId = workflow }, GroupBy = { "result" }, Bucket = Duration.FromTimeSpan(TimeSpan.FromHours(1)) };

        var counted = await audit.Administrator().AggregateEventsAsync(request, cancellationToken: Cancellation);
        request.Limit = 1;
        var cut = await audit.Administrator().AggregateEventsAsync(request, cancellationToken: Cancellation);

        Assert.Equal(
            [(10, "denied", 2), (10, "success", 2), (11, "success", 2)],
            counted.Counts.Select(one => (one.StartTime.ToDateTime().Hour, one.Values[0], one.Count)).OrderBy(one => one));
        Assert.True(cut.Truncated);
        Assert.Single(cut.Counts);
        request.GroupBy.Add("entry");
        var refused = await Assert.ThrowsAsync<RpcException>(() => audit.Administrator().AggregateEventsAsync(request, cancellationToken: Cancellation).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task ExportEvents_Csv_IsSafeToOpen()
    {
        await audit.PublishAsync(Full() with { RbacScope = "=HYPERLINK(\"x\")", WorkflowId = workflow });
        await audit.StoredAsync(workflow, 1);

        using var call = audit.Administrator().ExportEvents(
            new ExportEventsRequest { Filter = new EventFilter { WorkflowId = workflow }, Format = ExportFormat.Csv }, cancellationToken: Cancellation);
        var parts = new List<ExportEventsResponse>();
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            parts.Add(call.ResponseStream.Current);
        }

        var lines = string.Concat(parts.Select(part => part.Data.ToStringUtf8())).Split("\r\n");
        Assert.StartsWith("sequence,event_id,timestamp,", lines[0], StringComparison.Ordinal);
        Assert.Contains(",\"'=HYPERLINK(\"\"x\"\")\",", lines[1], StringComparison.Ordinal);
        Assert.Equal(1, parts[^1].EventCount);
        Assert.NotNull(parts[^1].Checkpoint);
    }

    private async Task<long> CountAsync() => (await audit.Administrator().AggregateEventsAsync(
        new AggregateEventsRequest { Filter = new EventFilter { WorkflowId = workflow } }, cancellationToken: Cancellation)).Counts.Sum(one => one.Count);

    private static Timestamp At(int hour) => new DateTime(2026, 3, 1, hour, 0, 0, DateTimeKind.Utc).ToTimestamp();

    private AuditEvent Full() => AuditFixture.NewEvent(workflow, result: "failure") with
    {
        Timestamp = At(11).ToDateTimeOffset(),
        ActivityId = "activity",
        AgentId = "agent",
        Service = "crm",
        Resource = new AuditResource { Connector = "files", ProjectId = "plant", DocumentId = "17", DocumentName = "sheet" },
        RbacScope = "tasks:run",
        UserContext = new AuditUserContext { InitiatedBy = "ada", OnBehalfOf = "bob" },
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        Policy = new AuditPolicy { Decision = "allow" },
        LatencyMs = 45,
        Attributes = new Dictionary<string, string> { ["site"] = "north", ["share"] = "100%" },
    };
}
