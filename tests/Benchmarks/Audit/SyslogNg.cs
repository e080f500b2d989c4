using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mainstay.Testing;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Debian's syslog-ng, which forwards lines that come over TCP to an HTTP receiver: one a request and in order, as a webhook has it, from a buffer on disk.</summary>
internal sealed class SyslogNg : IAsyncDisposable
{
    private const string Program = "/usr/sbin/syslog-ng";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-syslog-ng-");
    private readonly int port = FreePort.Next();
    private Process? process;

    /// <summary>Whether the machine has it: packages syslog-ng-core and syslog-ng-mod-http.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<SyslogNg> StartAsync(Uri receiver, CancellationToken cancellationToken)
    {
        var forwarder = new SyslogNg();
        var file = Path.Combine(forwarder.directory.FullName, "syslog-ng.conf");
        await File.WriteAllTextAsync(file, forwarder.Configuration(receiver), cancellationToken);
        forwarder.process = Process.Start(Program,
        [
            "--foreground", "--no-caps", $"--cfgfile={file}", $"--persist-file={forwarder.PathOf("persist")}", $"--pidfile={forwarder.PathOf("pid")}", $"--control={forwarder.PathOf("control")}",
        ]);
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
            throw new InvalidOperationException("syslog-ng ended as it started.");
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

    private string Configuration(Uri receiver) =>
        $$"""
        @version: 3.38
        options { stats-freq(0); };
        source lines { network(ip("127.0.0.1") port({{port}}) transport("tcp") flags(no-parse) log-iw-size(20000) max-connections(2)); };
        destination receiver {
          http(url("{{receiver}}") method("POST") headers("Content-Type: application/json") body("${MESSAGE}") workers(1) batch-lines(1)
            disk-buffer(reliable(yes) disk-buf-size(1073741824) dir("{{directory.FullName}}")));
        };
        log { source(lines); destination(receiver); flags(flow-control); };
        """;
}
