using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Temporalio.Client;

namespace Temporalio.Testing;

/// <summary>The embedded server as a process on a database of its own.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly TestDatabase? database;

    private ServerProgram(Process process, TestDatabase? database)
    {
        this.process = process;
        this.database = database;
    }

    /// <summary>Starts it and waits until it serves; the options then name it as the target.</summary>
    public static async Task<ServerProgram> StartAsync(TemporalClientConnectOptions options, string? path, IReadOnlyCollection<string> extra)
    {
        path ??= ServerFiles.Find();
        options.TargetHost ??= $"127.0.0.1:{FreePort()}";
        var database = extra.Any(argument => argument.StartsWith("--database", StringComparison.Ordinal)) ? null : TestDatabase.Reserve();
        List<string> arguments = ["--address", options.TargetHost, "--namespace", options.Namespace, .. database is null ? [] : (string[])["--database", database.ConnectionString], .. extra];
        var start = path.EndsWith(".dll", StringComparison.Ordinal) ? new ProcessStartInfo("dotnet", [path, .. arguments]) : new ProcessStartInfo(path, arguments);
        start.RedirectStandardOutput = true;
        var server = new ServerProgram(Process.Start(start)!, database);
        if (await server.ReadyAsync().ConfigureAwait(false))
        {
            return server;
        }

        await server.DisposeAsync().ConfigureAwait(false);
        throw new InvalidOperationException($"The test server {path} ended before it was ready");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        process.Dispose();
        if (database is not null)
        {
            await database.DropAsync().ConfigureAwait(false);
        }
    }

    // Below the ports that the system gives to outgoing connections: it must still be free when the server starts.
    private static int FreePort()
    {
        while (true)
        {
            var candidate = Random.Shared.Next(10_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, candidate);
                listener.Start();
                return candidate;
            }
            catch (SocketException)
            {
                // Taken; another.
            }
        }
    }

    private async Task<bool> ReadyAsync()
    {
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.Contains("ready", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return true;
            }
        }

        return false;
    }
}
