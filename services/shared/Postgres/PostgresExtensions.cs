using System.Reflection;
using Dapper;
using Mainstay.ServiceDefaults.Configuration;
using Mainstay.ServiceDefaults.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Mainstay.ServiceDefaults.Postgres;

/// <summary>Gives a service its database.</summary>
public static class PostgresExtensions
{
    /// <summary>
    /// Adds the service's data source. Its database is made and brought to the newest of the *.sql files that
    /// <paramref name="migrations"/> carries as resources, before the service serves.
    /// </summary>
    public static WebApplicationBuilder AddPostgres(this WebApplicationBuilder builder, Assembly migrations)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var connectionString = ConnectionString(builder);
        builder.Services.AddSingleton(_ => new NpgsqlDataSourceBuilder(connectionString) { Name = builder.GetService().Database }.Build());
        builder.Services.AddSingleton(new PostgresConnectionString(connectionString));
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddSingleton(new MigrationSource(migrations));
        builder.Services.AddSingleton<PrepareDatabase>();
        builder.Services.AddHostedService<MigrateBeforeServing>();
        builder.Services.AddHealthChecks().AddCheck<PostgresHealthCheck>("postgres");
        return builder;
    }

    private static string ConnectionString(WebApplicationBuilder builder) => new NpgsqlConnectionStringBuilder
    {
        Host = builder.Configuration.Required("postgres:host"),
        Port = builder.Configuration.RequiredNumber("postgres:port"),
        Username = builder.Configuration.Required("postgres:username"),
        // None where PostgreSQL asks for none, as over a socket or with a client certificate.
        Password = builder.Configuration["postgres:password"],
        Database = builder.Configuration["postgres:database"] is { Length: > 0 } name ? name : builder.GetService().Database,
        ApplicationName = builder.GetService().Name,
        Timeout = 5,
    }.ConnectionString;
}
