using System.Diagnostics;
using Mainstay.Benchmarks.Harness;
using Mainstay.Testing;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>The embedded Temporal server in a process of its own, on a database of its own.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    private readonly string database;
    private Process process = null!;

    private EmbeddedServer(string database, string address)
    {
        this.database = database;
        Address = address;
    }

    public string Address { get; }

    /// <summary>The memory that it has now.</summary>
    public double ResidentMiB => Machine.ResidentMiB(process.Id);

    /// <summary>Starts a server and waits until it serves.</summary>
    public static async Task<EmbeddedServer> StartAsync(string database, CancellationToken cancellationToken)
    {
        var server = new EmbeddedServer(database, $"127.0.0.1:{FreePort.Next()}");
        await server.LaunchAsync(cancellationToken);
        return server;
    }

    /// <summary>Kills the server and starts another one in its place.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        await LaunchAsync(cancellationToken);
    }

    /// <summary>The memory that it keeps once it has nothing to do: within this time it gives back what the load took.</summary>
    public async Task<double> IdleMiBAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Settling, cancellationToken);
        return ResidentMiB;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Mainstay.TemporalServer.dll");
        process = Process.Start(new ProcessStartInfo("dotnet", [program, "--address", Address, "--namespace", "default", "--database", database])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "ready")
            {
                return;
            }
        }

        throw new InvalidOperationException("The embedded server ended before it was ready.");
    }
}
