using System.Diagnostics;

namespace DotNet.Testcontainers.Internal;

/// <summary>Runs programs to their end.</summary>
internal static class Tool
{
    /// <summary>Runs a program and returns its exit code and all that it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyList<string> command, CancellationToken cancellationToken, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Runs a program whose failure is an error.</summary>
    public static async Task RequireAsync(IReadOnlyList<string> command, CancellationToken cancellationToken, params (string Name, string Value)[] environment)
    {
        var (exitCode, output) = await RunAsync(command, cancellationToken, environment);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"'{command[0]}' ended with {exitCode}: {output}");
        }
    }
}
