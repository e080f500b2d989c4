using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Tests.Sinks;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Tests.Migrations;

public sealed class FirstTrailTests : IAsyncLifetime
{
    private static readonly DateTime January = new(2026, 1, 30, 23, 59, 0, DateTimeKind.Utc);

    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // As the first version left it: one table, one chain, entries as jsonb.
    public async ValueTask InitializeAsync()
    {
        trail = await TrailDatabase.CreateAsync(Cancellation, name => name.Contains("0001", StringComparison.Ordinal));
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        var hash = HashChain.Genesis;
        for (var sequence = 1; sequence <= 6; sequence++)
        {
            var entry = Entry(sequence);
            hash = HashChain.Next(hash, EntryText.Canonical(entry));
            await connection.ExecuteAsync(
                """
                insert into audit_event (sequence, event_id, event_time, entry, hash, store_time)
                values (@sequence, @EventId, @EventTime, @entry::jsonb, @hash, @StoreTime)
                """,
                new
                {
                    sequence,
                    EventId = (string)JsonNode.Parse(entry)!["event_id"]!,
                    EventTime = DateTimeOffset.Parse((string)JsonNode.Parse(entry)!["timestamp"]!, CultureInfo.InvariantCulture),
                    entry,
                    hash,

                    // Over the end of a month, and of a year's quarter further on.
                    StoreTime = January.AddMinutes(sequence <= 3 ? sequence - 3 : sequence).AddMonths(sequence == 6 ? 3 : 0),
                });
        }

        await connection.ExecuteAsync("update chain_head set sequence = 6, hash = @hash", new { hash });
        await connection.ExecuteAsync("insert into sink_cursor (sink_name, sequence, update_time) values ('sink', 4, now())");
        await connection.ExecuteAsync("insert into dead_letter (receive_time, reason, body) values (now(), 'no', 'x'), (now(), 'no', 'x'), (now(), 'no', 'y')");
        await trail.MigrateAsync(name => !name.Contains("0001", StringComparison.Ordinal), Cancellation);
    }

    public ValueTask DisposeAsync() => trail.DisposeAsync();

    [Fact]
    public async Task Migrate_FilledTrail_KeepsEveryEntryInItsPlaceAndItsChain()
    {
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);

        var rows = (await connection.QueryAsync<(long Sequence, string Stream, long StreamSequence, string Entry, string InitiatedBy)>(
            "select sequence, stream, stream_sequence, entry, initiated_by from audit_event order by sequence")).AsList();
        Assert.Equal(Enumerable.Range(1, 6).Select(i => ((long)i, "*", (long)i, $"user-{i}")), rows.Select(row => (row.Sequence, row.Stream, row.StreamSequence, row.InitiatedBy)));
        Assert.All(rows, row => Assert.Equal(EntryText.Canonical(Entry((int)row.Sequence)), EntryText.Canonical(row.Entry)));
        Assert.Equal(
            ["audit_event_202601", "audit_event_202602", "audit_event_202604", "audit_event_202605"],
            (await connection.QueryAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'audit_event'::regclass")).Order().Where(HasName));
        var verified = await VerifyAsync();
        Assert.True(verified.Intact, verified.Finding);
        Assert.Equal(6, verified.CheckedCount);
    }

    [Fact]
    public async Task Migrate_FilledTrail_GoesOnAndStaysProvable()
    {
        var ids = await trail.AppendAsync(3, Cancellation);

        // What was stored before is known, whatever the text of the table.
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        Assert.Equal(ids, await connection.QueryAsync<string>("select event_id from audit_event where sequence > 6 order by sequence"));
        Assert.Equal([7, 8, 9], await connection.QueryAsync<int>("select sequence::int from audit_event where sequence > 6 order by sequence"));
        var verified = await VerifyAsync();
        Assert.True(verified.Intact, verified.Finding);

        await connection.ExecuteAsync("update audit_event set entry = replace(entry, 'user-2', 'user-9'), initiated_by = 'user-9' where sequence = 2");
        Assert.Equal((false, 2), ((await VerifyAsync()).Intact, (await VerifyAsync()).BrokenSequence));
    }

    [Fact]
    public async Task Migrate_FilledTrail_KeepsSinksWhereTheyWereAndDeadLettersOnce()
    {
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);

        Assert.Equal((4, "none"), await connection.QuerySingleAsync<(int, string)>("select sequence::int, hold from sink_state where sink_name = 'sink'"));
        Assert.Equal(["x", "y"], await connection.QueryAsync<string>("select convert_from(body, 'UTF8') from dead_letter order by id"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("insert into dead_letter (receive_time, reason, body) values (now(), 'no', 'x')"));
    }

    private static bool HasName(string partition) => partition.StartsWith("audit_event_2026", StringComparison.Ordinal);

    private static string Entry(int number) => JsonSerializer.Serialize(new
    {
        event_id = $"evt_01KAJ8M4T2Q6W9X3Y5Z7A1B2C{number}",
        timestamp = new DateTimeOffset(2026, 1, 30, 12, 0, number, TimeSpan.Zero),
        action = "tool_call",
        result = "success",
        service = "tool-gateway",
        user_context = new { initiated_by = $"user-{number}" },
        resource = new { project_id = $"project-{number % 2}" },
        größe = 1.50,
    });

    private Task<VerifyChainResponse> VerifyAsync() =>
        new VerifyChain(trail.Database, new TrustedKeys(null, trail.Database)).ExecuteAsync(new VerifyChainRequest(), new((string?)null), Cancellation);
}
