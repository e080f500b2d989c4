using Dapper;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Tests.Sinks;
using Mainstay.Audit.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Audit.Tests.Integrity;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly SetClock clock = new(Start);
    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IntegrityOptions Options => new(null, 4, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));

    public async ValueTask InitializeAsync() => trail = await TrailDatabase.CreateAsync(Cancellation);

    public ValueTask DisposeAsync() => trail.DisposeAsync();

    [Fact]
    public async Task Drop_OldEntries_GoWithTheirPartitionAndTheRestIsProvable()
    {
        using var key = new SigningKey(Options, trail.Database, clock, NullLogger<SigningKey>.Instance);
        var checkpoints = new MakeCheckpoint(trail.Database, key, Options, clock);
        await AppendAsync(10);
        await checkpoints.ExecuteAsync(now: true, Cancellation);
        clock.Now = Start.AddDays(20);
        await AppendAsync(10);
        await checkpoints.ExecuteAsync(now: true, Cancellation);
        clock.Now = Start.AddDays(35);
        await AppendAsync(10);

        await new DropExpired(trail.Database, checkpoints, Append, Options, clock, NullLogger<DropExpired>.Instance).ExecuteAsync(Cancellation);

        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        Assert.Equal(11, await connection.ExecuteScalarAsync<long>("select min(sequence) from audit_event"));
        Assert.Equal(["audit_event_202602"], await connection.QueryAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'audit_event'::regclass order by 1"));
        Assert.Equal("audit_retention", await connection.ExecuteScalarAsync<string>("select action from audit_event order by sequence desc limit 1"));
        var verified = await VerifyAsync();
        Assert.True(verified.Intact, verified.Finding);
        Assert.Equal((10, 21), (verified.DroppedThrough, verified.CheckedCount));

        await connection.ExecuteAsync("delete from audit_event where sequence = 11");
        Assert.Equal((false, 11), ((await VerifyAsync()).Intact, (await VerifyAsync()).BrokenSequence));
    }

    [Fact]
    public async Task Append_ClockGoesBackToADroppedMonth_MakesItsPartitionAnew()
    {
        var append = Append;
        await AppendAsync(2, append);
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("drop table audit_event_202601");

        await AppendAsync(2, append);

        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*) from audit_event"));
    }

    [Fact]
    public async Task Append_ClockJumps_KeepsOrderAndChain()
    {
        foreach (var days in (double[])[0, 400, -400, 3000, 0.5])
        {
            clock.Now = Start.AddDays(days);
            await AppendAsync(3);
        }

        var verified = await VerifyAsync();

        Assert.True(verified.Intact, verified.Finding);
        Assert.Equal(15, verified.CheckedCount);
    }

    private AppendEvents Append => new(trail.Database, new AuditPartitions(), clock);

    private async Task AppendAsync(int count, AppendEvents? append = null)
    {
        var events = Enumerable.Range(0, count).Select(i => IncomingEvent.TryRead(
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(AuditFixture.NewEvent($"workflow-{i % 2}")), out var read, out var reason) ? read! : throw new ArgumentException(reason)).ToList();
        await (append ?? Append).ExecuteAsync(events, [], Cancellation);
    }

    private Task<VerifyChainResponse> VerifyAsync() =>
        new VerifyChain(trail.Database, new TrailRecords(trail.Database)).ExecuteAsync(new VerifyChainRequest(), new((string?)null), Cancellation);

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
