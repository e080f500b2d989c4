using System.Collections.Concurrent;
using System.Diagnostics;

namespace DotNet.Testcontainers.Internal;

/// <summary>A server's process, which ends with this one however this one ends, and leaves nothing behind.</summary>
internal sealed class ServerProcess : IDisposable
{
    // The guard reads a pipe whose other end only we hold: it closes when we stop the server, and also when we are killed.
    internal const string Guard = """
        directory=$1 signal=$2 companion=$3; shift 3
        exec 3<&0 2> /dev/null
        if [ -n "$companion" ]; then "$companion" > /dev/null 2>&1 < /dev/null 3<&- & companion_id=$!; fi
        "$@" > "$directory/log" 2>&1 < /dev/null 3<&- &
        server_id=$!
        ( cat <&3 > /dev/null; [ -e "$directory/ended" ] || kill -s "$signal" "$server_id" ) &
        guard_id=$!
        wait "$server_id"
        : > "$directory/ended"
        wait "$guard_id"
        if [ -n "$companion" ]; then kill "$companion_id"; fi
        [ -e "$directory/keep" ] || rm -rf "$directory"
        """;

    // A server whose container nobody refers to any more runs on, as a container would; the pipe must not be collected.
    private static readonly ConcurrentDictionary<ServerProcess, string> Running = [];

    private readonly Process process;
    private readonly string directory;
    private string log = "";

    private ServerProcess(Process process, string directory)
    {
        this.process = process;
        this.directory = directory;
    }

    public bool HasExited => process.HasExited || File.Exists(Path.Combine(directory, "ended"));

    public static ServerProcess Start(ServerCommand command, string directory)
    {
        File.Delete(Path.Combine(directory, "keep"));
        File.Delete(Path.Combine(directory, "ended"));
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Guard, "guard", directory, command.StopSignal, command.Companion, .. command.Arguments])
        {
            RedirectStandardInput = true,
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var started = new ServerProcess(Process.Start(start)!, directory);
        Running[started] = directory;
        return started;
    }

    /// <summary>What the server has printed so far.</summary>
    public async Task<string> ReadLogAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "log");
        if (File.Exists(path))
        {
            log = await File.ReadAllTextAsync(path, cancellationToken);
        }

        return log;
    }

    /// <summary>Ends the server and waits until it is gone, and its directory, unless it is to start there again.</summary>
    public async Task StopAsync(bool keepDirectory, CancellationToken cancellationToken)
    {
        await ReadLogAsync(cancellationToken);
        if (keepDirectory && Directory.Exists(directory))
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "keep"), "", cancellationToken);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        Running.TryRemove(this, out _);
    }

    public void Dispose() => process.Dispose();
}
