using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Mainstay.Testing;

namespace Mainstay.SystemTests;

/// <summary><c>up</c> in a process of its own, with mounts that it alone sees.</summary>
internal sealed class UpProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string directory;
    private readonly StringBuilder output = new();

    private UpProcess(Process process, string directory)
    {
        this.process = process;
        this.directory = directory;
    }

    /// <summary>What it has printed so far.</summary>
    public string Output => output.ToString();

    /// <summary>Starts it after some shell commands, which may mount what they like.</summary>
    public static UpProcess Start(DirectoryInfo directory, string[] before)
    {
        var program = Path.Combine(Repository.Root, "standins/local-stack/bin/Debug/net10.0/Mainstay.LocalStack.dll");

        // The runtime by its path: the search path may be gone by then.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

        // A job in the background of a script ignores Ctrl-C, and so would all that it starts.
        var start = $"exec /usr/bin/env --default-signal=INT {dotnet} {program} up --free-ports 2>&1";
        var info = new ProcessStartInfo("unshare", ["--mount", "--", "sh", "-c", string.Join(" && ", [.. before, start])]) { RedirectStandardOutput = true };
        info.Environment["MAINSTAY_RUN_DIRECTORY"] = Path.Combine(directory.FullName, "run");
        return new UpProcess(Process.Start(info)!, directory.FullName);
    }

    /// <summary>Returns once it has printed a text; fails when it ends before.</summary>
    public async Task PrintedAsync(string text, CancellationToken cancellationToken)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            output.AppendLine(await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"It ended without '{text}': {output}"));
        }
    }

    /// <summary>What Ctrl-C sends.</summary>
    public async Task InterruptAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        output.Append(await process.StandardOutput.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    /// <summary>The command lines of processes that still work in its directory.</summary>
    public IEnumerable<string> LeftBehind() =>
        from entry in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(entry), out _)
        let command = CommandLine(entry)
        where command.Contains(directory, StringComparison.Ordinal)
        select command;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await InterruptAsync(CancellationToken.None);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static string CommandLine(string entry)
    {
        try
        {
            return File.ReadAllText(Path.Combine(entry, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return "";
        }
    }
}
