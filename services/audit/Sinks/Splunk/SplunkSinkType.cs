using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.Splunk;

/// <summary>Sinks of type <c>splunk</c>.</summary>
internal sealed class SplunkSinkType : ISinkType
{
    public string Type => "splunk";

    public IReadOnlyList<string> Keys =>
        ["url", "token", "index", "source", "sourcetype", "host", "acknowledge", "acknowledge_interval", "acknowledge_timeout", "gathering", "timeout"];

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        var url = settings.Address("url");
        var token = settings.HeaderValue("token");
        var origin = new SplunkOrigin(
            settings.Text("index", ""), settings.Text("source", "mainstay"), settings.Text("sourcetype", "mainstay:audit"), settings.Text("host", Environment.MachineName));
        var gathering = settings.Duration("gathering", TimeSpan.FromSeconds(1));
        var timeout = settings.Duration("timeout", TimeSpan.FromSeconds(30));
        var wait = !settings.Flag("acknowledge", true) ? null : new AcknowledgementWait(
            settings.Duration("acknowledge_interval", TimeSpan.FromSeconds(10)), settings.Duration("acknowledge_timeout", TimeSpan.FromMinutes(5)));
        return clock => new SplunkSink(new HecClient(url, token, wait is not null, new SinkHttp(timeout, clock)), origin, gathering, wait, clock);
    }
}
