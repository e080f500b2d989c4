using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Tests.Prometheus;

public sealed class ScrapingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_EveryKindOfInstrument_IsWrittenAsPrometheusReadsIt()
    {
        using var test = new TestApplication();
        await using var application = Application(test, cache: 0);
        var address = await TestApplication.StartAsync(application, Cancellation);
        Record(test.Meter);

        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(address, "/metrics"), Cancellation);

        var scope = $"otel_scope_name=\"{test.Name}\"";
        Assert.Equal(
            $$"""
            # TYPE target_info gauge
            # HELP target_info Target metadata
            target_info{service_name="judged",service_instance_id="1"} 1
            # TYPE orders_total counter
            # HELP orders_total What was ordered.\nAll of it.
            orders_total{{{scope}},what="a \"b\" \\ c\nd"} 3
            # TYPE stock gauge
            stock{{{scope}}} -2
            # TYPE temperature gauge
            temperature{{{scope}},open="true"} 21.5
            # TYPE wait_seconds histogram
            wait_seconds_bucket{{{scope}},le="0.1"} 1
            wait_seconds_bucket{{{scope}},le="1"} 1
            wait_seconds_bucket{{{scope}},le="+Inf"} 2
            wait_seconds_sum{{{scope}}} 2.05
            wait_seconds_count{{{scope}}} 2

            """,
            text);
    }

    [Fact]
    public async Task Scrape_ReadByAPeer_HasWhatWasRecorded()
    {
        using var test = new TestApplication();
        await using var application = Application(test, cache: 0);
        var address = await TestApplication.StartAsync(application, Cancellation);
        Record(test.Meter);

        using var http = new HttpClient();
        var families = (await Peer.ReadAsync("read-prometheus.js", await http.GetByteArrayAsync(new Uri(address, "/metrics"), Cancellation), Cancellation)).AsArray();

        var orders = families.Single(family => family!["name"]!.GetValue<string>() == "orders_total")!;
        Assert.Equal("COUNTER", orders["type"]!.GetValue<string>());
        Assert.Equal("3", orders["metrics"]![0]!["value"]!.GetValue<string>());
        Assert.Equal("a \"b\" \\ c\nd", orders["metrics"]![0]!["labels"]!["what"]!.GetValue<string>());
        var wait = families.Single(family => family!["name"]!.GetValue<string>() == "wait_seconds")!;
        Assert.Equal("2", wait["metrics"]![0]!["buckets"]!["+Inf"]!.GetValue<string>());
    }

    [Fact]
    public async Task Scrape_TwiceWithinTheCacheTime_CollectsOnce()
    {
        using var test = new TestApplication();
        var collections = 0;
        test.Meter.CreateObservableGauge("asked", () => Interlocked.Increment(ref collections));
        await using var application = Application(test, cache: 60_000);
        var address = await TestApplication.StartAsync(application, Cancellation);

        using var http = new HttpClient();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.GetStringAsync(new Uri(address, "/metrics"), Cancellation)));

        Assert.Equal(1, collections);
    }

    [Fact]
    public async Task Scrape_ProviderWithoutTheExporter_IsRefusedWhenItIsMapped()
    {
        var builder = TestApplication.CreateBuilder();
        builder.Services.AddOpenTelemetry().WithMetrics();
        await using var application = builder.Build();

        Assert.Throws<ArgumentException>(() => application.MapPrometheusScrapingEndpoint());
    }

    [Fact]
    public async Task Scrape_InstrumentFails_StillAnswers()
    {
        using var test = new TestApplication();
        test.Meter.CreateObservableGauge("broken", long () => throw new InvalidOperationException("no value"));
        await using var application = Application(test, cache: 0);
        var address = await TestApplication.StartAsync(application, Cancellation);

        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(address, "/metrics"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static WebApplication Application(TestApplication test, int cache)
    {
        var builder = TestApplication.CreateBuilder();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "judged"), new("service.instance.id", "1")]))
            .AddMeter(test.Name)
            .AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = cache));
        var application = builder.Build();
        application.MapPrometheusScrapingEndpoint();
        return application;
    }

    private static void Record(Meter meter)
    {
        meter.CreateCounter<long>("orders", description: "What was ordered.\nAll of it.").Add(3, new KeyValuePair<string, object?>("what", "a \"b\" \\ c\nd"));
        meter.CreateUpDownCounter<int>("stock").Add(-2);
        meter.CreateGauge<double>("temperature").Record(21.5, new KeyValuePair<string, object?>("open", true));
        var wait = meter.CreateHistogram<double>("wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        wait.Record(0.05);
        wait.Record(2);
    }
}
