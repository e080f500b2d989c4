using Dapper;
using Grpc.Core;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Tests.Integrity;

public sealed class VerifyChainTests : IAsyncLifetime
{
    private const int Count = 5;

    private readonly AuditFixture audit = new() { IsAlone = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await audit.InitializeAsync();
        for (var i = 0; i < Count; i++)
        {
            await audit.PublishAsync(AuditFixture.NewEvent("workflow"));
        }

        await audit.StoredAsync("workflow", Count);
    }

    public ValueTask DisposeAsync() => audit.DisposeAsync();

    [Fact]
    public async Task VerifyChain_UntouchedTrail_IsIntact()
    {
        var whole = await VerifyAsync();
        var part = await VerifyAsync(2, 3);

        Assert.True(whole.Intact, whole.Finding);
        Assert.True(part.Intact, part.Finding);
        Assert.True(whole.CheckedCount >= Count);
        Assert.Equal(2, part.CheckedCount);
    }

    [Fact]
    public async Task VerifyChain_TimestampFinerThanTheColumn_IsIntact()
    {
        var fine = AuditFixture.NewEvent("fine");
        await audit.PublishAsync(fine with { Timestamp = fine.Timestamp.AddTicks(1_234_567) });
        await audit.PublishAsync(AuditFixture.NewEvent("fine") with { Timestamp = new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(1) });
        await audit.StoredAsync("fine", 2);

        var found = await VerifyAsync();

        Assert.True(found.Intact, found.Finding);
    }

    [Theory]
    [InlineData("update audit_event set entry = replace(entry, '\"action\":\"', '\"action\":\"not_') where sequence = 3", 3)]
    [InlineData("update audit_event set event_time = event_time + interval '1 hour' where sequence = 3", 3)]
    [InlineData("update audit_event set event_id = 'evt_other' where sequence = 3", 3)]
    [InlineData("update audit_event set entry = 'no JSON' where sequence = 3", 3)]
    [InlineData("update audit_event set entry = '{\"a\":1,\"a\":2}' where sequence = 3", 3)]
    [InlineData("update audit_event set entry = 'no event', hash = encode(sha256(convert_to((select hash from audit_event where sequence = 2) || 'no event', 'UTF8')), 'hex') where sequence = 3", 3)]
    [InlineData("delete from audit_event where sequence = 3", 3)]
    [InlineData("delete from audit_event where sequence = 1", 1)]
    [InlineData("update audit_event set sequence = case sequence when 2 then -2 when 3 then 2 end where sequence in (2, 3); update audit_event set sequence = 3 where sequence = -2", 2)]
    public async Task VerifyChain_TouchedTrail_NamesTheFirstBrokenEntry(string tampering, long broken)
    {
        await TamperAsync(tampering);

        var found = await VerifyAsync();

        Assert.False(found.Intact);
        Assert.Equal(broken, found.BrokenSequence);
        Assert.NotEmpty(found.Finding);
    }

    [Fact]
    public async Task VerifyChain_EndRemoved_IsFound()
    {
        await TamperAsync("delete from audit_event where sequence = (select max(sequence) from audit_event)");

        var found = await VerifyAsync();

        Assert.False(found.Intact);
        Assert.Equal(found.CheckedCount + 1, found.BrokenSequence);
    }

    [Fact]
    public async Task VerifyChain_RangeBehindTheEnd_ChecksNothing()
    {
        var found = await VerifyAsync(1_000_000);

        Assert.True(found.Intact);
        Assert.Equal(0, found.CheckedCount);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(5, 4)]
    public async Task VerifyChain_ImpossibleRange_IsRefused(long first, long last)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => VerifyAsync(first, last));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
    }

    private async Task<VerifyChainResponse> VerifyAsync(long first = 0, long last = 0) => await audit.Administrator().VerifyChainAsync(
        new VerifyChainRequest { FirstSequence = first, LastSequence = last }, cancellationToken: Cancellation);

    private async Task TamperAsync(string sql)
    {
        await using var connection = await audit.Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(sql);
    }
}
