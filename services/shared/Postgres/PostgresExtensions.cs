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
    /// <summary>Adds the service's data source; its database is made and brought up to date before the service serves.</summary>
    public static WebApplicationBuilder AddPostgres(this WebApplicationBuilder builder)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var connectionString = ConnectionString(builder);
        var assembly = Assembly.GetEntryAssembly() is { } entry && entry.GetName().Name == builder.Environment.ApplicationName
            ? entry
            : Assembly.Load(builder.Environment.ApplicationName);

        builder.Services.AddSingleton(_ => new NpgsqlDataSourceBuilder(connectionString).Build());
        builder.Services.AddSingleton(new PostgresConnectionString(connectionString));
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddSingleton(new MigrationSource(assembly));
        builder.Services.AddHostedService<MigrateBeforeServing>();
        builder.Services.AddHealthChecks().AddCheck<PostgresHealthCheck>("postgres");
        return builder;
    }

    private static string ConnectionString(WebApplicationBuilder builder) => new NpgsqlConnectionStringBuilder
    {
        Host = builder.Configuration.Required("postgres:host"),
        Port = builder.Configuration.RequiredNumber("postgres:port"),
        Username = builder.Configuration.Required("postgres:username"),
        Password = builder.Configuration.Required("postgres:password"),
        Database = builder.GetService().Database,
        ApplicationName = builder.GetService().Name,
        Timeout = 5,
    }.ConnectionString;
}
