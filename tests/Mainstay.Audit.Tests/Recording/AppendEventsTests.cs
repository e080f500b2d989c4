using System.Text.Json;
using Dapper;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Tests.Sinks;
using Mainstay.Testing;
using Npgsql;
using BusEvent = Mainstay.BusContracts.AuditEvent;

namespace Mainstay.Audit.Tests.Recording;

public sealed class AppendEventsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly SetClock clock = new(Start);
    private TrailDatabase trail = null!;
    private AppendEvents append = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        trail = await TrailDatabase.CreateAsync(Cancellation);
        append = new AppendEvents(trail.Database, new AuditPartitions(), clock);
    }

    public ValueTask DisposeAsync() => trail.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(-40)]
    public async Task Append_StoredDaysAgoAndNewOnes_KeepsTheFormerOnce(int daysLater)
    {
        var old = AuditFixture.NewEvent("old");
        await AppendAsync([old, AuditFixture.NewEvent("old")]);
        clock.Now = Start.AddDays(daysLater);

        var appended = await AppendAsync([AuditFixture.NewEvent("new"), old, old with { Result = "denied" }, AuditFixture.NewEvent("new")]);

        Assert.Equal((2, 1, 1), (appended.Stored, appended.Known, appended.Taken.Count));
        Assert.Equal(4, await trail.ScalarAsync<long>("select count(distinct event_id) from audit_event", Cancellation));
        Assert.Equal(1, await trail.ScalarAsync<long>("select count(*) from dead_letter", Cancellation));
    }

    [Fact]
    public async Task Append_ManyAtOnce_AreCommittedTogetherInOrder()
    {
        var expected = new List<BusEvent>();
        var appending = new List<Task>();
        await using (await StopCommitsAsync())
        {
            for (var i = 0; i < 20; i++)
            {
                expected.Add(AuditFixture.NewEvent($"workflow-{i}"));
                appending.Add(AppendAsync([expected[i]]));
            }
        }

        await Task.WhenAll(appending);

        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        Assert.Equal(expected.Select(one => one.EventId), await connection.QueryAsync<string>("select event_id from audit_event order by sequence"));
        Assert.InRange(await trail.ScalarAsync<long>("select count(distinct xmin::text) from audit_event", Cancellation), 1, 2);
    }

    [Fact]
    public async Task Append_OneOfSeveralCannotBeStored_OnlyThatOneFails()
    {
        Task first, bad, good;
        await using (await StopCommitsAsync())
        {
            first = AppendAsync([AuditFixture.NewEvent("first")]);
            bad = append.ExecuteAsync([Read(AuditFixture.NewEvent("bad")) with { Entry = (byte[])[0xff] }], [], Cancellation);
            good = AppendAsync([AuditFixture.NewEvent("good")]);
        }

        await Task.WhenAll(first, good);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => bad);
        Assert.Equal(2, await trail.ScalarAsync<long>("select sequence from chain_head", Cancellation));
        Assert.Equal(2, await trail.ScalarAsync<long>("select count(*) from audit_event", Cancellation));
    }

    [Fact]
    public async Task StoreApart_OneOfManyTheDatabaseRefuses_GoesToTheDeadLettersAlone()
    {
        var events = Enumerable.Range(0, 9).Select(i => Read(AuditFixture.NewEvent($"{i}"))).ToList();
        events[5] = events[5] with { Entry = (byte[])[0xff] };

        var stored = await StoreApart.ExecuteAsync(append, events, [new DeadLetter("no JSON", [1])], Cancellation);

        Assert.Equal((8, 0, 2), (stored.Stored, stored.Known, stored.Dead.Count));
        Assert.StartsWith("The database refuses the event: invalid byte sequence", stored.Dead[1].Reason, StringComparison.Ordinal);
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        Assert.Equal(events.Where(one => one != events[5]).Select(one => one.EventId), await connection.QueryAsync<string>("select event_id from audit_event order by sequence"));
        Assert.Equal(["01", "ff"], await connection.QueryAsync<string>("select encode(body, 'hex') from dead_letter order by id"));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":"\ud800"}""")]
    public async Task Append_AgainWhereTheStoredEntryWasAltered_IsADeadLetter(string altered)
    {
        var one = AuditFixture.NewEvent("altered");
        await AppendAsync([one]);
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("update audit_event set entry = @altered", new { altered });

        var appended = await AppendAsync([one, AuditFixture.NewEvent("next")]);

        Assert.Equal((1, 0, 1), (appended.Stored, appended.Known, appended.Taken.Count));
    }

    private static IncomingEvent Read(BusEvent auditEvent) =>
        IncomingEvent.TryRead(JsonSerializer.SerializeToUtf8Bytes(auditEvent), out var read, out var reason) ? read! : throw new ArgumentException(reason);

    private Task<Appended> AppendAsync(IEnumerable<BusEvent> events) => append.ExecuteAsync([.. events.Select(Read)], [], Cancellation);

    // Whoever holds the end of the trail stops all others; ends once somebody waits.
    private async Task<IAsyncDisposable> StopCommitsAsync()
    {
        var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("begin; select sequence from chain_head for update");
        return new StoppedCommits(trail, connection);
    }

    private sealed class StoppedCommits(TrailDatabase trail, NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Eventually.TrueAsync(
                async () => await trail.ScalarAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", Cancellation),
                Cancellation);
            await connection.ExecuteAsync("commit");
            await connection.DisposeAsync();
        }
    }

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
