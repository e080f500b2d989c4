using Mainstay.Testing;
using Npgsql;
using Temporalio.Api.Enums.V1;

namespace TemporalServer.Tests.Durability;

/// <summary>Two servers on one database: one owns it, the other waits.</summary>
public sealed class StandbyTests : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();

    [Fact]
    public async Task Standby_OwnerKilled_TakesOverWhatWasUnderWay()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        await using var owner = await ServerProcess.StartAsync(database, cancellationToken);
        using (var client = new RawClient(owner.Address))
        {
            await client.StartAsync("taken-over", "standby", cancellationToken);
        }

        await using var standby = ServerProcess.Begin(database);
        var ready = standby.ReadyAsync(cancellationToken);
        await WaitsForTheLeaseAsync(database, cancellationToken);
        Assert.False(ready.IsCompleted);

        await owner.KillAsync();
        await ready;
        using var next = new RawClient(standby.Address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = new RawWorker(next, "standby").RunAsync(stop.Token);
        await next.SignalAsync("taken-over", "go", cancellationToken);
        await Eventually.TrueAsync(async () => (await next.HistoryAsync("taken-over", cancellationToken))[^1].EventType == EventType.WorkflowExecutionCompleted, cancellationToken);
        await stop.CancelAsync();
        await working;
    }

    [Fact]
    public async Task Owner_AnotherEpochHasBegun_WritesNothingMoreAndEnds()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        await using var owner = await ServerProcess.StartAsync(database, cancellationToken);
        await using var source = NpgsqlDataSource.Create(database);
        await using (var depose = source.CreateCommand("update server_lease set epoch = epoch + 1"))
        {
            await depose.ExecuteNonQueryAsync(cancellationToken);
        }

        using var client = new RawClient(owner.Address);
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = client.StartAsync("too-late", "standby", impatience.Token);
        Assert.Equal(1, await owner.ExitAsync(cancellationToken));
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => start);
        await using var count = source.CreateCommand("select count(*) from run");
        Assert.Equal(0L, await count.ExecuteScalarAsync(cancellationToken));
    }

    [Fact]
    public async Task Owner_LosesItsConnectionsToTheDatabase_TakesTheLeaseAgainAndGoesOn()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        await using var owner = await ServerProcess.StartAsync(database, cancellationToken);
        using var client = new RawClient(owner.Address);
        await client.StartAsync("before", "standby", cancellationToken);
        await using var source = NpgsqlDataSource.Create(database);
        await using (var cut = source.CreateCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"))
        {
            await cut.ExecuteNonQueryAsync(cancellationToken);
        }

        await client.StartAsync("after", "standby", cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = new RawWorker(client, "standby").RunAsync(stop.Token);
        foreach (var id in new[] { "before", "after" })
        {
            await client.SignalAsync(id, "go", cancellationToken);
            await Eventually.TrueAsync(async () => (await client.HistoryAsync(id, cancellationToken))[^1].EventType == EventType.WorkflowExecutionCompleted, cancellationToken);
        }

        await stop.CancelAsync();
        await working;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    private static async Task WaitsForTheLeaseAsync(string database, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var waiting = source.CreateCommand("select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())");
                return await waiting.ExecuteScalarAsync(cancellationToken) is > 0L;
            },
            cancellationToken);
    }
}
