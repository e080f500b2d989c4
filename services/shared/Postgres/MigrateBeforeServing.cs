using System.Reflection;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Mainstay.ServiceDefaults.Postgres;

/// <summary>The assembly whose migrations a service applies.</summary>
internal sealed record MigrationSource(Assembly Assembly);

/// <summary>Makes the database where it is missing and migrates it, before the service listens.</summary>
internal sealed class MigrateBeforeServing(NpgsqlDataSource database, PostgresConnectionString connectionString, Migrator migrator, MigrationSource source) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await CreateDatabaseAsync(cancellationToken);
        await migrator.MigrateAsync([.. Migration.Of(typeof(Migrator).Assembly), .. Migration.Of(source.Assembly)], cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

/// <summary>Healthy when the database answers.</summary>
internal sealed class PostgresHealthCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition("select 1", cancellationToken: cancellationToken));
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("PostgreSQL does not answer.");
        }
    }
}

/// <summary>How to reach the database, password included: a data source does not tell it.</summary>
internal sealed record PostgresConnectionString(string Value)
{
    public override string ToString() => "(not shown)";
}
