using System.Diagnostics;
using Mainstay.Testing;

namespace Mainstay.ToolGateway.Tests.Drivers;

/// <summary>The reference MCP server over streamable HTTP, in a process of its own.</summary>
internal sealed class EverythingServer : IAsyncDisposable
{
    private readonly Process process;

    private EverythingServer(Process process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}/mcp");

    /// <summary>Starts it on a port, or on one that is free.</summary>
    public static async Task<EverythingServer> StartAsync(CancellationToken cancellationToken, int? port = null)
    {
        var chosen = port ?? FreePort.Next();
        var start = new ProcessStartInfo("node", [PeerFiles.Everything, "streamableHttp"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["PORT"] = $"{chosen}" },
        };
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("listening on port", StringComparison.Ordinal) == true)
            {
                listening.TrySetResult();
            }
        };
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"{PeerFiles.Everything} does not start."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await listening.Task.WaitAsync(cancellationToken);
        return new EverythingServer(process, chosen);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
