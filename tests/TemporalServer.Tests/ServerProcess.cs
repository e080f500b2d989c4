using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TemporalServer.Tests;

/// <summary>A server in a process of its own, on a free port; killed at the end.</summary>
internal sealed class ServerProcess(Process process, string address) : IAsyncDisposable
{
    /// <summary>Where it serves.</summary>
    public string Address { get; } = address;

    /// <summary>Starts a server on a database and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(string database, CancellationToken cancellationToken)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString()!;
        listener.Stop();

        var assembly = Path.Combine(AppContext.BaseDirectory, "Mainstay.TemporalServer.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [assembly, "--address", address, "--namespace", "default", "--database", database])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "ready")
            {
                return new ServerProcess(process, address);
            }
        }

        throw new InvalidOperationException("The server ended before it was ready.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
