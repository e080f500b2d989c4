using System.Diagnostics;
using System.Text;
using System.Xml.Linq;

namespace Mainstay.LocalStack.Testing;

/// <summary>Runs one built test project and counts what came of it.</summary>
internal sealed class TestProject(string name, string assembly, string results)
{
    // After so many seconds the test program names each test that is still running.
    private const string LongRunning = "60";

    // A test program that hangs must not hold the whole run; the slowest takes a third of this.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(12);

    private string Report => Path.Combine(results, name + ".trx");

    /// <summary>Lists the solution's test projects.</summary>
    public static IReadOnlyList<TestProject> In(string repository) =>
    [
        .. from project in XDocument.Load(Path.Combine(repository, "Mainstay.slnx")).Descendants("Project")
           let path = project.Attribute("Path")!.Value
           where path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith("Tests.csproj", StringComparison.Ordinal)
           let name = Path.GetFileNameWithoutExtension(path)
           let assembly = Path.Combine(repository, Path.GetDirectoryName(path)!, "bin/Debug/net10.0", name + ".dll")
           select new TestProject(name, assembly, Path.Combine(repository, "TestResults")),
    ];

    /// <summary>Runs the project; what it prints is shown as a whole when it ends.</summary>
    public async Task<TrxSummary> RunAsync(string? filter, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(results);
        File.Delete(Report);
        var started = Stopwatch.GetTimestamp();
        var (exitCode, output) = await ExecuteAsync(filter, environment, cancellationToken);
        var summary = File.Exists(Report) ? TrxSummary.Read(Report) : new(0, 1, []);

        // Failing without a failed test means that the program itself came to grief.
        summary = exitCode != 0 && summary.Failed == 0 ? summary with { Failed = 1, FailedTests = [new($"{name}, which ended with exit code {exitCode}")] } : summary;
        Console.WriteLine($"  {name,-36} {summary.Passed,5} passed {summary.Failed,4} failed  {Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s");
        if (summary.Failed > 0)
        {
            Console.WriteLine(output);
        }

        return summary;
    }

    private async Task<(int ExitCode, string Output)> ExecuteAsync(string? filter, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words = [assembly, "-noLogo", "-noColor", "-longRunning", LongRunning, "-trx", Report, .. filter is null ? [] : (string[])["-method", filter]];
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        // Line by line, so that one that hangs has said what it was doing.
        var output = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, Text(output));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();

            // What it started may hold its output open, so the end of that is not waited for.
            return (1, $"{Text(output)}{name} did not end within {Timeout.TotalMinutes:0} minutes.");
        }
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
