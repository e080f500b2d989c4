using Dapper;
using Mainstay.ServiceDefaults.Postgres;
using Mainstay.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.ServiceDefaults.Tests.Postgres;

public sealed class MigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Migration Create = new("0001_create", "create table thing (id int primary key)");
    private static readonly Migration Extend = new("0002_extend", "alter table thing add column name text");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_SeveralProcessesAtOnce_AppliesEachMigrationOnce()
    {
        await using var database = await postgres.CreateDatabaseAsync(Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Migrator(database, NullLogger<Migrator>.Instance).MigrateAsync([Create, Extend], Cancellation)));

        await using var connection = await database.OpenConnectionAsync(Cancellation);
        Assert.Equal(["0001_create", "0002_extend"], await connection.QueryAsync<string>("select name from schema_migration order by name"));
    }

    [Fact]
    public async Task Migrate_AppliedMigrationChanged_IsRefusedByName()
    {
        await using var database = await postgres.CreateDatabaseAsync(Cancellation);
        var migrator = new Migrator(database, NullLogger<Migrator>.Instance);
        await migrator.MigrateAsync([Create], Cancellation);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => migrator.MigrateAsync([Create with { Sql = "select 1" }], Cancellation));

        Assert.Contains("0001_create", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_MigrationFails_LeavesNothingOfIt()
    {
        await using var database = await postgres.CreateDatabaseAsync(Cancellation);
        var migrator = new Migrator(database, NullLogger<Migrator>.Instance);
        var broken = new Migration("0001_broken", "create table thing (id int); select no_such_function()");

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => migrator.MigrateAsync([broken], Cancellation));

        await using var connection = await database.OpenConnectionAsync(Cancellation);
        Assert.False(await connection.ExecuteScalarAsync<bool>("select to_regclass('thing') is not null"));
    }
}
