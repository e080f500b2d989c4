using System.Diagnostics;
using Mainstay.Benchmarks.Harness;
using Mainstay.Testing;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>The embedded Temporal server in a process of its own, on a database of its own.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly Process process;

    private EmbeddedServer(Process process, string address)
    {
        this.process = process;
        Address = address;
    }

    public string Address { get; }

    /// <summary>The memory that it has now.</summary>
    public double ResidentMiB => Machine.ResidentMiB(process.Id);

    /// <summary>Starts a server and waits until it serves.</summary>
    public static async Task<EmbeddedServer> StartAsync(string database, CancellationToken cancellationToken)
    {
        var address = $"127.0.0.1:{FreePort.Next()}";
        var program = Path.Combine(AppContext.BaseDirectory, "Mainstay.TemporalServer.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--address", address, "--namespace", "default", "--database", database])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "ready")
            {
                return new(process, address);
            }
        }

        throw new InvalidOperationException("The embedded server ended before it was ready.");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
