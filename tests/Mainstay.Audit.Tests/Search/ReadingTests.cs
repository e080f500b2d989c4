using System.Text;
using Grpc.Core;
using Mainstay.Audit.V1;
using AuditResource = Mainstay.BusContracts.AuditResource;

namespace Mainstay.Audit.Tests.Search;

public sealed class ReadingTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    private readonly string workflow = $"workflow-{Guid.CreateVersion7():n}";
    private readonly string project = $"project-{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryReading_OfAnyKind_IsAnEventOfTheTrailBeforeItIsAnswered()
    {
        var subject = $"auditor-{Guid.CreateVersion7():n}";
        var reader = new AuditService.AuditServiceClient(audit.Service.As(subject, ("rbac_scope", "audit:read")));
        (string Rpc, Func<Task> Call)[] calls =
        [
            ("GetEvent", async () => await Assert.ThrowsAsync<RpcException>(() => reader.GetEventAsync(new GetEventRequest { EventId = workflow }, cancellationToken: Cancellation).ResponseAsync)),
            ("TailEvents", async () =>
            {
                using var tail = reader.TailEvents(new TailEventsRequest { Filter = new EventFilter { WorkflowId = workflow } }, cancellationToken: Cancellation);
                Assert.True(await tail.ResponseStream.MoveNext(Cancellation));
            }),
            ("AggregateEvents", () => reader.AggregateEventsAsync(new AggregateEventsRequest { Filter = new EventFilter { WorkflowId = workflow } }, cancellationToken: Cancellation).ResponseAsync),
            ("ExportEvents", () => ExportAsync(reader, new ExportEventsRequest { Filter = new EventFilter { WorkflowId = workflow } })),
            ("ListCheckpoints", () => reader.ListCheckpointsAsync(new ListCheckpointsRequest(), cancellationToken: Cancellation).ResponseAsync),
            ("ListPublicKeys", () => reader.ListPublicKeysAsync(new ListPublicKeysRequest(), cancellationToken: Cancellation).ResponseAsync),
        ];
        foreach (var (rpc, call) in calls)
        {
            await call();

            var found = await audit.Administrator().SearchEventsAsync(
                new SearchEventsRequest { Filter = new EventFilter { InitiatedBy = subject, Attributes = { ["rpc"] = rpc } } }, cancellationToken: Cancellation);
            var read = Assert.Single(found.Events);
            Assert.Equal(("audit_read", "success"), (read.Action, read.Result));
            Assert.True(rpc.StartsWith("List", StringComparison.Ordinal) || read.Attributes["request"].Contains(workflow, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task TailEvents_OfOneProject_ShowsItsEventsAlone()
    {
        await PublishAsync($"{project}-other");
        await PublishAsync("");
        await audit.StoredAsync(workflow, 2);
        var own = await PublishAsync(project);

        using var tail = Reader().TailEvents(new TailEventsRequest { Cursor = "0" }, cancellationToken: Cancellation);
        var seen = new List<AuditEvent>();
        while (seen.Count == 0 || seen[^1].EventId != own)
        {
            Assert.True(await tail.ResponseStream.MoveNext(Cancellation));
            seen.AddRange(tail.ResponseStream.Current.Event is { } found ? [found] : []);
        }

        Assert.All(seen, found => Assert.Equal(project, found.Stream));
    }

    [Theory]
    [InlineData(ExportFormat.JsonLines)]
    [InlineData(ExportFormat.Csv)]
    public async Task ExportEvents_OfOneProject_HoldsItsEventsAlone(ExportFormat format)
    {
        var others = new[] { await PublishAsync($"{project}-other"), await PublishAsync("") };
        var own = await PublishAsync(project);
        await audit.StoredAsync(workflow, 3);

        var (exported, _) = await ExportAsync(Reader(), new ExportEventsRequest { Format = format });
        var (_, count) = await ExportAsync(Reader(), new ExportEventsRequest { Format = format, Filter = new EventFilter { ProjectId = $"{project}-other" } });

        Assert.Contains(own, exported, StringComparison.Ordinal);
        Assert.All(others, other => Assert.DoesNotContain(other, exported, StringComparison.Ordinal));
        Assert.Equal(0, count);
    }

    private AuditService.AuditServiceClient Reader() => new(audit.Service.As("bob", ("rbac_scope", "audit:read"), ("project", project)));

    private async Task<string> PublishAsync(string projectId)
    {
        var one = AuditFixture.NewEvent(workflow) with { Resource = new AuditResource { ProjectId = projectId } };
        await audit.PublishAsync(one);
        return one.EventId;
    }

    private static async Task<(string Text, long Count)> ExportAsync(AuditService.AuditServiceClient client, ExportEventsRequest request)
    {
        using var call = client.ExportEvents(request, cancellationToken: Cancellation);
        var text = new StringBuilder();
        var count = 0L;
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            text.Append(call.ResponseStream.Current.Data.ToStringUtf8());
            count = call.ResponseStream.Current.EventCount;
        }

        return (text.ToString(), count);
    }
}
