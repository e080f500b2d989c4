using Mainstay.ServiceDefaults.Configuration;
using Mainstay.ServiceDefaults.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Mainstay.ServiceDefaults.Hosting;

/// <summary>Runs a service and turns what keeps it from starting into one clear line.</summary>
public static class MainstayRunner
{
    /// <summary>
    /// Builds and runs a service; returns the exit code: 0 after an orderly stop or a migration, 78 (EX_CONFIG of sysexits.h) for a bad
    /// configuration, 1 for a migration that failed.
    /// </summary>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var application = build();
            if (application.Services.GetRequiredService<RunMode>().MigrateOnly)
            {
                return await MigrateAsync(application);
            }

            await application.RunAsync();
            return 0;
        }
        catch (MainstayConfigurationException exception)
        {
            await Console.Error.WriteLineAsync($"Configuration: {exception.Message}");
            return 78;
        }
    }

    private static async Task<int> MigrateAsync(WebApplication application)
    {
        try
        {
            if (application.Services.GetService<PrepareDatabase>() is { } prepareDatabase)
            {
                await prepareDatabase.ExecuteAsync(CancellationToken.None);
            }

            return 0;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"Migration: {exception.Message}");
            return 1;
        }
    }
}
