using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Tests.Search;

public sealed class SearchTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    private readonly string workflow = $"workflow-{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SearchEvents_PageByPage_ReturnsEachOnceInOrder()
    {
        for (var i = 0; i < 7; i++)
        {
            await audit.PublishAsync(AuditFixture.NewEvent(workflow, $"step.{i}"));
        }

        await audit.StoredAsync(workflow, 7);
        var found = new List<AuditEvent>();
        var request = new SearchEventsRequest { WorkflowId = workflow, PageSize = 3 };
        do
        {
            var page = await audit.Reader().SearchEventsAsync(request, cancellationToken: Cancellation);
            found.AddRange(page.Events);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"step.{i}").Order(), found.Select(one => one.Action).Order());
        Assert.Equal(found.Select(one => one.Sequence).Order(), found.Select(one => one.Sequence));
    }

    [Fact]
    public async Task SearchEvents_SeveralFilters_ReturnsWhatFitsAll()
    {
        await audit.PublishAsync(AuditFixture.NewEvent(workflow));
        await audit.PublishAsync(AuditFixture.NewEvent(workflow, result: "denied"));
        await audit.PublishAsync(AuditFixture.NewEvent(workflow, "llm.completion", "denied"));
        await audit.StoredAsync(workflow, 3);
        var noon = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc).ToTimestamp();

        var fitting = await SearchAsync(new SearchEventsRequest { WorkflowId = workflow, Action = "tool_call", Result = "denied", StartTime = noon });
        var before = await SearchAsync(new SearchEventsRequest { WorkflowId = workflow, EndTime = noon });

        Assert.Equal("denied", Assert.Single(fitting).Result);
        Assert.Empty(before);
    }

    [Fact]
    public async Task GetEvent_StoredEvent_IsReturned()
    {
        await audit.PublishAsync(AuditFixture.NewEvent(workflow));
        var stored = Assert.Single(await audit.StoredAsync(workflow, 1));

        var found = await audit.Reader().GetEventAsync(new GetEventRequest { EventId = stored.EventId }, cancellationToken: Cancellation);

        Assert.Equal(stored, found.Event);
    }

    [Fact]
    public async Task GetEvent_UnknownId_IsNotFound()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(
            () => audit.Reader().GetEventAsync(new GetEventRequest { EventId = "evt_none" }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
        Assert.Equal("AUDIT_ERROR_REASON_EVENT_NOT_FOUND", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
    }

    [Theory]
    [InlineData(-1, "", "page_size")]
    [InlineData(1001, "", "page_size")]
    [InlineData(0, "-5", "page_token")]
    public async Task SearchEvents_InvalidField_IsRefusedByName(int pageSize, string pageToken, string field)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => SearchAsync(new SearchEventsRequest { PageSize = pageSize, PageToken = pageToken }));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Equal(field, Assert.Single(exception.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task EveryRpc_WithoutTheScope_IsDenied()
    {
        var client = new AuditService.AuditServiceClient(audit.Service.As("somebody"));
        Func<Task>[] calls =
        [
            () => client.GetEventAsync(new GetEventRequest { EventId = "evt_none" }, cancellationToken: Cancellation).ResponseAsync,
            () => client.SearchEventsAsync(new SearchEventsRequest(), cancellationToken: Cancellation).ResponseAsync,
            () => client.VerifyChainAsync(new VerifyChainRequest(), cancellationToken: Cancellation).ResponseAsync,
            () => client.AggregateEventsAsync(new AggregateEventsRequest(), cancellationToken: Cancellation).ResponseAsync,
            () => client.ListCheckpointsAsync(new ListCheckpointsRequest(), cancellationToken: Cancellation).ResponseAsync,
            () => client.ListPublicKeysAsync(new ListPublicKeysRequest(), cancellationToken: Cancellation).ResponseAsync,
            async () => await client.TailEvents(new TailEventsRequest(), cancellationToken: Cancellation).ResponseStream.MoveNext(Cancellation),
            async () => await client.ExportEvents(new ExportEventsRequest(), cancellationToken: Cancellation).ResponseStream.MoveNext(Cancellation),
        ];

        foreach (var call in calls)
        {
            var exception = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.PermissionDenied, exception.StatusCode);
            Assert.Equal("AUDIT_ERROR_REASON_SCOPE_MISSING", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
        }
    }

    [Fact]
    public async Task SearchEvents_Administrator_MayRead()
    {
        var client = new AuditService.AuditServiceClient(audit.Service.As("root", ("role", "admin")));

        await client.SearchEventsAsync(new SearchEventsRequest { PageSize = 1 }, cancellationToken: Cancellation);
    }

    private async Task<IReadOnlyList<AuditEvent>> SearchAsync(SearchEventsRequest request) =>
        (await audit.Reader().SearchEventsAsync(request, cancellationToken: Cancellation)).Events;
}
