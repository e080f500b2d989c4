using Dapper;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Tests.Export;
using Mainstay.Audit.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Mainstay.Audit.Tests.Integrity;

/// <summary>What is gone is missed, also where nothing is left to be walked.</summary>
public sealed class RemovalTests : IAsyncLifetime
{
    private readonly AuditFixture audit = new() { IsAlone = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await audit.InitializeAsync();
        await StoreAsync("early", "even", "odd", "even", "odd", "even");
        await SignAsync();
        await StoreAsync("late", "even", "late", "late");
    }

    public ValueTask DisposeAsync() => audit.DisposeAsync();

    [Theory]
    [InlineData("delete from audit_event where stream = 'odd'", "odd", 0)]
    [InlineData("delete from audit_event where stream = 'odd'; delete from audit_stream where stream = 'odd'", "odd", 0)]
    [InlineData("delete from audit_event where stream = 'odd' and sequence > 2; update audit_stream set sequence = 1 where stream = 'odd'", "odd", 3)]
    [InlineData("delete from audit_event where stream = 'late'", "late", 0)]
    [InlineData("delete from audit_event where stream = 'late'", "", 0)]
    public async Task VerifyChain_AllOfAStreamRemoved_IsFound(string tampering, string project, long first)
    {
        await TamperAsync(tampering);

        var found = await VerifyAsync(new VerifyChainRequest { ProjectId = project, FirstSequence = first });

        Assert.False(found.Intact);
        Assert.InRange(found.BrokenSequence, Math.Max(first, 1), 12);
        Assert.Contains("removed", found.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("odd", 5)]
    [InlineData("odd", 6)]
    [InlineData("unheard-of", 0)]
    public async Task VerifyChain_StreamWithoutEntriesInTheRange_IsIntact(string project, long first)
    {
        var found = await VerifyAsync(new VerifyChainRequest { ProjectId = project, FirstSequence = first });

        Assert.True(found.Intact, found.Finding);
        Assert.Equal(0, found.CheckedCount);
    }

    [Fact]
    public async Task VerifyChain_EndRemovedAndTheHeadsSetBack_IsFoundByTheCheckpoint()
    {
        await SignAsync();
        await TamperAsync("""
            delete from audit_event where sequence > 4;
            update chain_head set sequence = 4;
            delete from audit_stream;
            insert into audit_stream (stream, sequence, hash)
            select distinct on (stream) stream, stream_sequence, hash from audit_event order by stream, sequence desc;
            """);

        // Its own reading is an event again; the calls leave none behind here.
        var all = await FindAsync(null);
        var one = await FindAsync("late");
        var other = await FindAsync("odd");

        Assert.Equal((false, 5L), (all.Intact, all.BrokenSequence));
        Assert.False(one.Intact);
        Assert.True(other.Intact, other.Finding);
    }

    [Theory]
    [InlineData("odd", 0, true, 1)]
    [InlineData("odd", 0, false, 0)]
    [InlineData("odd", 3, true, 1)]
    [InlineData("odd", 3, false, 0)]
    [InlineData("odd", 5, false, 0)]
    public async Task Verify_ExportOfOneStream_MissesEventsEvenWhereNoneIsLeft(string project, long first, bool withoutEvents, int expected)
    {
        var keys = await audit.Administrator().ListPublicKeysAsync(new ListPublicKeysRequest(), cancellationToken: Cancellation);
        var lines = await ExportFile.LinesAsync(audit.Administrator(), new ExportEventsRequest { FirstSequence = first, Filter = new EventFilter { ProjectId = project } });

        var (exitCode, output) = await ExportFile.VerifyAsync(withoutEvents ? lines.Where(line => !ExportFile.IsEvent(line)) : lines, [keys.Keys[0].Pem]);

        Assert.True(exitCode == expected, output);
    }

    private async Task StoreAsync(string workflow, params string[] projects)
    {
        for (var i = 0; i < projects.Length; i++)
        {
            var one = AuditFixture.NewEvent(workflow);
            await audit.PublishAsync(one with { Resource = one.Resource with { ProjectId = projects[i] } });

            // One by one: batches are stored side by side, and the tests count places.
            await audit.ArrivedAsync(workflow, i + 1);
        }

        await audit.StoredAsync(workflow, projects.Length);
    }

    private Task SignAsync() => audit.Service.Application.Services.GetRequiredService<MakeCheckpoint>().ExecuteAsync(now: true, Cancellation);

    private async Task<VerifyChainResponse> VerifyAsync(VerifyChainRequest request) => await audit.Administrator().VerifyChainAsync(request, cancellationToken: Cancellation);

    private Task<VerifyChainResponse> FindAsync(string? project) =>
        audit.Service.Application.Services.GetRequiredService<VerifyChain>().ExecuteAsync(new VerifyChainRequest(), new(project), Cancellation);

    private async Task TamperAsync(string sql)
    {
        await using var connection = await audit.Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(sql);
    }
}
