using Dapper;
using Npgsql;

namespace Mainstay.Audit.Tests.Crashes;

[Collection(CrashScene.Collection)]
public sealed class PostgresCrashTests
{
    [Fact]
    public async Task Postgres_CrashedUnderLoad_LosesNothingAndStoresNothingTwice()
    {
        await using var container = CrashScene.DurablePostgres();
        await using var scene = await CrashScene.StartAsync(container);

        await scene.StoresAsync(CrashScene.Count / 4);

        // The death of one of its processes makes PostgreSQL end the others and recover from its log.
        await using (var connection = await scene.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.ExecuteAsync("copy (select 1) to program 'kill -9 $PPID'"));
        }

        await scene.EndsWellAsync();
    }
}
