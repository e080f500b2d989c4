using Dapper;
using Mainstay.Testing;
using Npgsql;
using Testcontainers.PostgreSql;

namespace Mainstay.Audit.Tests.Crashes;

public sealed class PostgresRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Postgres_RestartedUnderLoad_LosesNothingAndStoresNothingTwice(bool isCrash)
    {
        // What it says is committed must be, or it is not the service that loses.
        await using var container = new PostgreSqlBuilder().WithCommand("-c", "fsync=on", "-c", "synchronous_commit=on").Build();
        await container.StartAsync(Cancellation);
        await using var scene = await CrashScene.StartAsync(
            new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Database = "audit" }, await TestServers.RabbitMqAsync());

        await scene.StoresAsync(CrashScene.Count / 4);
        if (isCrash)
        {
            await CrashAsync(scene.Database);
        }
        else
        {
            await container.StopAsync(Cancellation);
            await container.StartAsync(Cancellation);
        }

        await scene.EndsWellAsync();
    }

    // The death of one of its processes makes PostgreSQL end the others and recover from its log.
    private static async Task CrashAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.ExecuteAsync("copy (select 1) to program 'kill -9 $PPID'"));
    }
}
