using System.Reflection;
using Dapper;
using Npgsql;

namespace Mainstay.ServiceDefaults.Postgres;

/// <summary>The assembly whose migrations a service applies.</summary>
internal sealed record MigrationSource(Assembly Assembly);

/// <summary>How to reach the database, password included: a data source does not tell it.</summary>
internal sealed record PostgresConnectionString(string Value)
{
    public override string ToString() => "(not shown)";
}

/// <summary>Makes the database where it is missing and brings it to the newest of its migrations.</summary>
internal sealed class PrepareDatabase(NpgsqlDataSource database, PostgresConnectionString connectionString, Migrator migrator, MigrationSource source)
{
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await CreateDatabaseAsync(cancellationToken);
        await migrator.MigrateAsync([.. Migration.Of(typeof(Migrator).Assembly), .. Migration.Of(source.Assembly)], cancellationToken);
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString.Value);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            var name = settings.Database!;
            settings.Database = "postgres";
            await using var maintenance = NpgsqlDataSource.Create(settings);
            await using var connection = await maintenance.OpenConnectionAsync(cancellationToken);
            try
            {
                await connection.ExecuteAsync(new CommandDefinition($"create database \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken: cancellationToken));
            }
            catch (PostgresException created) when (created.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another process of the service was faster.
            }
        }
    }
}
