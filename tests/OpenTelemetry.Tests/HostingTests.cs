using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Tests;

public sealed class HostingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddOpenTelemetry_HostStarts_ExportsSpansAndMetricsThatAPeerReads()
    {
        using var test = new TestApplication();
        var received = new ConcurrentDictionary<string, byte[]>();
        await using var collector = TestApplication.CreateBuilder().Build();
        collector.MapPost("/v1/{signal}", (string signal, HttpContext context) => KeepAsync(received, signal, context));
        var address = await TestApplication.StartAsync(collector, Cancellation);
        var builder = TestApplication.CreateBuilder();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("judged"))
            .WithTracing(tracing => tracing.AddSource(test.Name).AddOtlpExporter(options => Send(options, new Uri(address, "v1/traces"))))
            .WithMetrics(metrics => metrics.AddMeter(test.Name).AddOtlpExporter(options => Send(options, new Uri(address, "v1/metrics"))));
        var application = builder.Build();
        await TestApplication.StartAsync(application, Cancellation);

        using (var span = test.Source.StartActivity("weigh"))
        {
            Assert.NotNull(span);
            span.SetTag("grams", 12);
        }

        test.Meter.CreateCounter<long>("weighings").Add(3);
        await application.DisposeAsync();

        var trace = (await Peer.ReadAsync("read-otlp.js", received["traces"], Cancellation, "trace"))["resourceSpans"]![0]!;
        Assert.Equal("judged", Attribute(trace["resource"]!, "service.name")["stringValue"]!.GetValue<string>());
        var exported = trace["scopeSpans"]![0]!["spans"]![0]!;
        Assert.Equal("weigh", exported["name"]!.GetValue<string>());
        Assert.Equal("12", Attribute(exported, "grams")["intValue"]!.GetValue<string>());
        var metric = (await Peer.ReadAsync("read-otlp.js", received["metrics"], Cancellation, "metrics"))["resourceMetrics"]![0]!["scopeMetrics"]![0]!["metrics"]![0]!;
        Assert.Equal("weighings", metric["name"]!.GetValue<string>());
        Assert.Equal("3", metric["sum"]!["dataPoints"]![0]!["asInt"]!.GetValue<string>());
    }

    [Fact]
    public void AddOpenTelemetry_CalledTwice_StartsOnceAndFirst()
    {
        var services = new ServiceCollection();
        services.AddHostedService<Other>();

        services.AddOpenTelemetry();
        services.AddOpenTelemetry().WithMetrics();

        Assert.Equal(2, services.Count(service => service.ServiceType == typeof(IHostedService)));
        Assert.NotEqual(typeof(Other), services.First(service => service.ServiceType == typeof(IHostedService)).ImplementationType);
    }

    private static void Send(OtlpExporterOptions options, Uri endpoint)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = endpoint;
    }

    private static async Task KeepAsync(ConcurrentDictionary<string, byte[]> received, string signal, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        received[signal] = body.ToArray();
    }

    private static JsonNode Attribute(JsonNode holder, string key) =>
        holder["attributes"]!.AsArray().Single(attribute => attribute!["key"]!.GetValue<string>() == key)!["value"]!;

    private sealed class Other : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
