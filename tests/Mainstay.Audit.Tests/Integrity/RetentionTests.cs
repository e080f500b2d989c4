using Dapper;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Tests.Sinks;

namespace Mainstay.Audit.Tests.Integrity;

public sealed class RetentionTests : RetentionScene
{
    [Fact]
    public async Task Drop_OldEntries_GoWithTheirPartitionAndTheRestIsProvable()
    {
        await AppendAsync(10);
        await SignAsync();
        Clock.Now = Start.AddDays(20);
        await AppendAsync(10);
        await SignAsync();
        Clock.Now = Start.AddDays(35);
        await AppendAsync(10);

        await DropAsync();

        await using var connection = await Trail.Database.OpenConnectionAsync(Cancellation);
        Assert.Equal(11, await connection.ExecuteScalarAsync<long>("select min(sequence) from audit_event"));
        Assert.Equal(["audit_event_202502"], await connection.QueryAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'audit_event'::regclass order by 1"));
        Assert.Equal("audit_retention", await connection.ExecuteScalarAsync<string>("select action from audit_event order by sequence desc limit 1"));
        var verified = await VerifyAsync();
        Assert.True(verified.Intact, verified.Finding);
        Assert.Equal((10, 21), (verified.DroppedThrough, verified.CheckedCount));

        await connection.ExecuteAsync("delete from audit_event where sequence = 11");
        Assert.Equal((false, 11), ((await VerifyAsync()).Intact, (await VerifyAsync()).BrokenSequence));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("paused")]
    [InlineData("stopped")]
    public async Task Drop_SinkIsBehind_WaitsForItToGoOn(string hold)
    {
        await AppendAsync(10);
        await SignAsync();
        await PutSinkAsync(6, hold);
        await LiveAsync(39);

        await DropAsync(Sink);
        Assert.Equal(5, await Trail.ScalarAsync<long>("select min(sequence) from audit_event", Cancellation));

        await PutSinkAsync(10, hold);
        await DropAsync(Sink);
        Assert.Equal(11, await Trail.ScalarAsync<long>("select min(sequence) from audit_event", Cancellation));
        Assert.Empty(await SkipsAsync());
    }

    [Fact]
    public async Task Drop_NewSinkHasNotBegunYet_WaitsForIt()
    {
        await AppendAsync(10);
        await SignAsync();
        await LiveAsync(39);

        await DropAsync(Sink);

        Assert.Equal(11, await CountAsync());
    }

    [Theory]
    [InlineData("stopped", 41)]
    [InlineData("disabled", 31)]
    public async Task Drop_SinkIsBehindForTooLongOrForGood_DropsAndSaysWhatItNeverGot(string hold, int days)
    {
        await AppendAsync(10);
        await SignAsync();
        await PutSinkAsync(6, hold);
        await Trail.ExecuteAsync(
            "insert into sink_dead_letter (sink_name, sequence, event_id, reason, create_time) values ('sink', 2, 'evt_2', 'no', now()), ('sink', 3, 'evt_3', 'no', now())", Cancellation);
        await LiveAsync(days);

        await DropAsync(Sink);

        Assert.Equal(11, await Trail.ScalarAsync<long>("select min(sequence) from audit_event", Cancellation));
        Assert.Equal("sink: retention dropped the trail through 10: 4 entries before the sink came to them, 2 of its dead letters", Assert.Single(await SkipsAsync()));
        Assert.Equal(10, await Trail.StateAsync<long>("sequence", Cancellation));
        Assert.Equal(hold, await Trail.StateAsync<string>("hold", Cancellation));
        Assert.Empty(await Trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Append_ClockGoesBackToADroppedMonth_MakesItsPartitionAnew()
    {
        var append = Append;
        await AppendAsync(2, append);
        await using var connection = await Trail.Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("drop table audit_event_202501");

        await AppendAsync(2, append);

        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*) from audit_event"));
    }

    [Fact]
    public async Task Append_ClockJumps_KeepsOrderAndChain()
    {
        foreach (var days in (double[])[0, 400, -400, 3000, 0.5])
        {
            Clock.Now = Start.AddDays(days);
            await AppendAsync(3);
        }

        var verified = await VerifyAsync();

        Assert.True(verified.Intact, verified.Finding);
        Assert.Equal(15, verified.CheckedCount);
    }

    private static ConfiguredSink Sink => TrailDatabase.Configure(new ScriptedSink(new SinkLimits(10, 100_000, 100_000)));

    // As the sink's runner leaves it.
    private Task PutSinkAsync(long sequence, string hold) => Trail.ExecuteAsync(
        $"""
        insert into sink_state (sink_name, sequence, hold, update_time)
        values ('sink', {sequence}, '{hold}', now())
        on conflict (sink_name) do update
        set sequence = excluded.sequence
        """,
        Cancellation);

    // What is on its way to the trail about sinks that will never get something.
    private async Task<IReadOnlyList<string>> SkipsAsync()
    {
        await using var connection = await Trail.Database.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<string>(
            """
            select (body #>> '{resource,document_id}') || ': ' || (body #>> '{attributes,reason}')
            from outbox
            where body ->> 'action' = 'sink_skip'
            """)).AsList();
    }
}
