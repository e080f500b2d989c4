using Mainstay.Audit.Sinks;

namespace Mainstay.Audit.Tests.Sinks.Example;

/// <summary>Sinks of type <c>socket</c>.</summary>
internal sealed class SocketSinkType : ISinkType
{
    public string Type => "socket";

    public IReadOnlyList<string> Keys => ["host", "port", "timeout"];

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        var host = settings.Required("host");
        var port = (int)settings.Number("port", 6514, 1, 65535);
        var timeout = settings.Duration("timeout", TimeSpan.FromSeconds(10));
        return clock => new SocketSink(host, port, timeout, clock);
    }
}
