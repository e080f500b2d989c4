using Mainstay.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;

namespace Mainstay.ServiceDefaults.Hosting;

/// <summary>Runs a service and turns a bad configuration into one clear line.</summary>
public static class MainstayRunner
{
    /// <summary>Builds and runs a service; returns the exit code: 0 after an orderly stop, 78 (EX_CONFIG of sysexits.h) for a bad configuration.</summary>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var application = build();
            await application.RunAsync();
            return 0;
        }
        catch (MainstayConfigurationException exception)
        {
            await Console.Error.WriteLineAsync($"Configuration: {exception.Message}");
            return 78;
        }
    }
}
