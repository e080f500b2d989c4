using Dapper;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Recording;
using Mainstay.Testing;
using Npgsql;

namespace Mainstay.Audit.Tests.Integrity;

/// <summary>Whatever meets retention, what is gone is signed and told, and what is told is gone.</summary>
public sealed class RetentionSafetyTests : RetentionScene
{
    [Fact]
    public async Task Drop_TrailIsBeingRead_GivesWayAndTriesAgain()
    {
        await ExpireAsync();
        await using var connection = await Trail.Database.OpenConnectionAsync(Cancellation);
        await using (await ReadAsync(connection))
        {
            var dropping = DropAsync();
            await AppendAsync(1);

            Assert.False(await dropping);
            await AppendAsync(1);
            await AssertAsync(drops: 0, checkedCount: 13);
        }

        Assert.True(await DropAsync());
        await AssertAsync(drops: 1, checkedCount: 4);
    }

    // Whoever drops has the end of the trail and waits for the table.
    [Fact]
    public async Task Append_WaitsForTheEndOfTheTrail_HoldsNoTableOfIt()
    {
        await AppendAsync(1);
        Trail.Database.Clear();
        await using var connection = await Trail.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.ExecuteAsync("select sequence from chain_head for update", transaction: transaction);

        var appending = AppendAsync(1);
        await Eventually.TrueAsync(
            async () => await Trail.ScalarAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", Cancellation), Cancellation);
        var held = await Trail.ScalarAsync<long>(
            "select count(*) from pg_locks where database = (select oid from pg_database where datname = current_database()) and relation::regclass::text like 'audit_event%'", Cancellation);
        await transaction.CommitAsync(Cancellation);
        await appending;

        Assert.Equal(0, held);
    }

    [Fact]
    public async Task Drop_CheckpointIsMadeMeanwhile_IsSignedAllTheSame()
    {
        await ExpireAsync();
        await AppendAsync(1);
        await using var connection = await Trail.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await MakeCheckpoint.TakeTurnAsync(connection, transaction, Cancellation);

        var dropping = DropAsync();
        await Eventually.TrueAsync(async () => dropping.IsCompleted || await Trail.ScalarAsync<bool>("select exists (select from pg_locks where not granted and locktype = 'advisory')", Cancellation), Cancellation);
        while (await WithCheckpointsAsync(checkpoints => checkpoints.ExecuteAsync(connection, transaction, now: true, 0, Cancellation)) is not null)
        {
        }

        await transaction.CommitAsync(Cancellation);

        // On a busy machine it may have given way.
        var drops = await dropping ? 1 : 0;
        await AssertAsync(drops, checkedCount: drops == 1 ? 3 : 12);
    }

    [Fact]
    public async Task Drop_FailsAtItsEnd_LeavesEverythingAsItWas()
    {
        await ExpireAsync();
        await Trail.ExecuteAsync("create view january as select sequence from audit_event_202501", Cancellation);

        await Assert.ThrowsAsync<PostgresException>(() => DropAsync());

        await AssertAsync(drops: 0, checkedCount: 11);
        await Trail.ExecuteAsync("drop view january", Cancellation);
        Assert.True(await DropAsync());
        await AssertAsync(drops: 1, checkedCount: 2);
    }

    [Fact]
    public async Task Drop_NothingCameSinceTheLastCheckpoint_IsSigned()
    {
        await ExpireAsync();
        await SignAsync();

        Assert.True(await DropAsync());

        await AssertAsync(drops: 1, checkedCount: 2);
    }

    [Fact]
    public async Task Drop_ClockJumpsAhead_WaitsADayForTheJumpToBeSeen()
    {
        await AppendAsync(10);
        await SignAsync();
        Clock.Now = Start.AddDays(400);
        await AppendAsync(1);
        await SignAsync();

        await DropAsync();
        await AssertAsync(drops: 0, checkedCount: 11);

        Clock.Now = Clock.Now.AddHours(25);
        await DropAsync();
        await AssertAsync(drops: 1, checkedCount: 2);
    }

    [Fact]
    public async Task Drop_ClockIsAheadOfTheDatabase_DropsNothing()
    {
        Clock.Now = TimeProvider.System.GetUtcNow();
        await ExpireAsync();

        await DropAsync();

        await AssertAsync(drops: 0, checkedCount: 11);
    }

    [Fact]
    public async Task EnsurePartition_TrailIsBeingRead_DoesNotWait()
    {
        await AppendAsync(1);
        await using var connection = await Trail.Database.OpenConnectionAsync(Cancellation);
        await using var reading = await ReadAsync(connection);

        await using var other = await Trail.Database.OpenConnectionAsync(Cancellation);
        await other.ExecuteAsync("set lock_timeout = '2s'");
        new AuditPartitions().Ensure(other, Start.AddYears(3));

        Assert.Equal(1, await Trail.ScalarAsync<int>("select count(*) from pg_inherits where inhrelid = 'audit_event_202801'::regclass", Cancellation));
    }

    [Fact]
    public void Schedule_FailsAgainAndAgain_TriesLessAndLessOften()
    {
        var schedule = new DropSchedule(Clock);
        Assert.True(schedule.IsDue);

        foreach (var minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            schedule.Add(isDone: false);
            Clock.Now += TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1);
            Assert.False(schedule.IsDue);
            Clock.Now += TimeSpan.FromSeconds(1);
            Assert.True(schedule.IsDue);
        }

        schedule.Add(isDone: true);
        schedule.Add(isDone: false);
        Clock.Now += TimeSpan.FromMinutes(1);
        Assert.True(schedule.IsDue);
    }

    // Ten entries of January that have expired, and one that has not.
    private async Task ExpireAsync()
    {
        await AppendAsync(10);
        await SignAsync();
        await LiveAsync(40);
    }

    private static async Task<NpgsqlTransaction> ReadAsync(NpgsqlConnection connection)
    {
        var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.ExecuteScalarAsync<long>("select count(*) from audit_event", transaction: transaction);
        return transaction;
    }

    private async Task AssertAsync(int drops, long checkedCount)
    {
        Assert.Equal(drops, await CountAsync("action = 'audit_retention'"));
        Assert.Equal(drops == 0 ? 1 : 11, await Trail.ScalarAsync<long>("select min(sequence) from audit_event", Cancellation));
        var verified = await VerifyAsync();
        Assert.True(verified.Intact, verified.Finding);
        Assert.Equal((checkedCount, drops * 10L), (verified.CheckedCount, verified.DroppedThrough));
    }
}
