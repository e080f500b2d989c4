using System.Diagnostics;

namespace Mainstay.Testing;

/// <summary>The embedded Temporal server as a process on a database of its own, which a test may kill and start again.</summary>
public sealed class EmbeddedTemporal : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(Repository.Root, "standins", "temporal-server", "bin", "Debug", "net10.0", "Mainstay.TemporalServer.dll");

    private readonly PostgresFixture postgres;
    private readonly string database;
    private readonly int port;
    private Process? process;

    private EmbeddedTemporal(PostgresFixture postgres, string database)
    {
        this.postgres = postgres;
        this.database = database;
        port = FreePort.Next();
    }

    /// <summary>Where it listens; the same after a restart.</summary>
    public string Address => $"127.0.0.1:{port}";

    public static async Task<EmbeddedTemporal> StartAsync(CancellationToken cancellationToken)
    {
        var postgres = new PostgresFixture();
        var server = new EmbeddedTemporal(postgres, (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString);
        await server.RunAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts the process and waits until it serves.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        process = Process.Start(new ProcessStartInfo("dotnet", [Program, "--address", Address, "--namespace", "default", "--database", database]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains("ready", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("The embedded server ended before it was ready.");
    }

    /// <summary>Ends the process without any chance to tidy up; one that has ended stays as it is.</summary>
    public async Task KillAsync()
    {
        if (process is null)
        {
            return;
        }

        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await postgres.DisposeAsync();
    }
}
