using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace OpenTelemetry.Tests;

/// <summary>What a test records with, under a name of its own, and web applications on free ports.</summary>
internal sealed class TestApplication : IDisposable
{
    public TestApplication()
    {
        Source = new ActivitySource(Name);
        Meter = new Meter(Name);
    }

    public string Name { get; } = $"test-{Guid.NewGuid():n}";

    public ActivitySource Source { get; }

    public Meter Meter { get; }

    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        return builder;
    }

    /// <summary>Starts an application and returns its address.</summary>
    public static async Task<Uri> StartAsync(WebApplication application, CancellationToken cancellationToken)
    {
        application.Urls.Add("http://127.0.0.1:0");
        await application.StartAsync(cancellationToken);
        return new Uri(application.Urls.First());
    }

    public void Dispose()
    {
        Source.Dispose();
        Meter.Dispose();
    }
}
