using System.Diagnostics;
using Mainstay.Testing;

namespace TemporalServer.Tests;

/// <summary>A server in a process of its own, on a free port; killed at the end.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string database;
    private readonly string[] options;
    private Process process;

    private ServerProcess(string database, string address, string[] options)
    {
        (this.database, Address, this.options) = (database, address, options);
        process = Launch();
    }

    /// <summary>Where it serves; the same after a restart.</summary>
    public string Address { get; }

    /// <summary>Starts a server on a database and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(string database, CancellationToken cancellationToken, params string[] options)
    {
        var server = Begin(database, options);
        await server.ReadyAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts a server that may have to wait for the database.</summary>
    public static ServerProcess Begin(string database, params string[] options) => new(database, $"127.0.0.1:{FreePort.Next()}", options);

    /// <summary>Returns when the server is ready; fails when it ends before.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "ready")
            {
                // A log that nobody reads would hold the server up.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("The server ended before it was ready.");
    }

    /// <summary>Ends the process without any chance to tidy up.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Kills the process and starts another one in its place.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await KillAsync();
        process.Dispose();
        process = Launch();
        await ReadyAsync(cancellationToken);
    }

    /// <summary>The exit code, once the process ends by itself.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private Process Launch()
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Mainstay.TemporalServer.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [assembly, "--address", Address, "--namespace", "default", "--database", database, .. options]) { RedirectStandardOutput = true })!;
    }
}
