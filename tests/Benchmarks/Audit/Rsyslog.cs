using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mainstay.Testing;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Debian's rsyslog, which forwards lines that come over TCP to an HTTP receiver: one a request and in order, as a webhook has it, from a queue on disk.</summary>
internal sealed class Rsyslog : IAsyncDisposable
{
    /// <summary>The packages that bring it; of its outputs, the one for Elasticsearch is the one that posts over HTTP.</summary>
    public const string Packages = "rsyslog rsyslog-elasticsearch";

    private const string Program = "/usr/sbin/rsyslogd";

    // What rsyslog's manual has for a queue that must survive a power failure.
    private const string Flushed = """ queue.syncQueueFiles="on" queue.checkpointInterval="1" """;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-rsyslog-");
    private readonly int port = FreePort.Next();
    private Process? process;

    /// <summary>Whether the machine has it.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<Rsyslog> StartAsync(Uri receiver, bool flushed, CancellationToken cancellationToken)
    {
        var forwarder = new Rsyslog();
        var file = forwarder.PathOf("rsyslog.conf");
        await File.WriteAllTextAsync(file, forwarder.Configuration(receiver, flushed), cancellationToken);
        forwarder.process = Process.Start(Program, ["-n", "-f", file, "-i", forwarder.PathOf("pid")]);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await forwarder.ListensAsync(cancellationToken))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return forwarder;
    }

    /// <summary>Gives it lines as fast as it takes them.</summary>
    public async Task SendAsync(IEnumerable<byte[]> lines, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        await using var stream = new BufferedStream(client.GetStream(), 64 * 1024);
        foreach (var line in lines)
        {
            await stream.WriteAsync(line, cancellationToken);
            stream.WriteByte((byte)'\n');
        }

        await stream.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        directory.Delete(recursive: true);
    }

    private string PathOf(string name) => Path.Combine(directory.FullName, name);

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        if (process!.HasExited)
        {
            throw new InvalidOperationException("rsyslog ended as it started.");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Configuration(Uri receiver, bool flushed) =>
        $$"""
        global(workDirectory="{{directory.FullName}}" maxMessageSize="512k")
        module(load="imtcp")
        module(load="omelasticsearch")
        template(name="record" type="string" string="%rawmsg%")
        ruleset(name="forward") {
          action(type="omelasticsearch" server="http://{{receiver.Host}}" serverport="{{receiver.Port}}" searchIndex="audit" searchType="event" template="record" bulkmode="off"
            action.resumeRetryCount="-1" queue.type="Disk" queue.filename="forward" queue.maxDiskSpace="1g"{{(flushed ? Flushed : "")}})
        }
        input(type="imtcp" address="127.0.0.1" port="{{port}}" ruleset="forward")
        """;
}
