using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.Datadog;

/// <summary>Sinks of type <c>datadog</c>.</summary>
internal sealed class DatadogSinkType : ISinkType
{
    private static readonly TimeSpan DefaultGathering = TimeSpan.FromSeconds(5);

    public string Type => "datadog";

    public IReadOnlyList<string> Keys => ["site", "url", "api_key", "host", "tags", "gathering", "timeout"];

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        var site = settings.Text("site", "datadoghq.com");
        var url = settings.Address("url", $"https://http-intake.logs.{site}");
        var apiKey = settings.HeaderValue("api_key");
        var tags = string.Join(',', settings.List("tags"));
        var host = settings.Text("host", Environment.MachineName);
        var gathering = settings.Duration("gathering", DefaultGathering);
        var timeout = settings.Duration("timeout", TimeSpan.FromSeconds(30));
        return clock => new DatadogSink(new Uri(url, "/api/v2/logs"), apiKey, host, tags, gathering, new SinkHttp(timeout, clock), clock);
    }
}
