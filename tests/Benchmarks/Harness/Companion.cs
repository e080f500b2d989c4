using System.Diagnostics;
using System.Text.Json;

namespace Mainstay.Benchmarks.Harness;

/// <summary>A process that takes part in a measurement: it says on its first line where it is, and ends with its input.</summary>
internal sealed class Companion : IAsyncDisposable
{
    private readonly Process process;

    private Companion(Process process, string firstLine)
    {
        this.process = process;
        FirstLine = firstLine;
    }

    /// <summary>What it said when it was ready.</summary>
    public string FirstLine { get; }

    public int ProcessId => process.Id;

    /// <summary>Starts this program again under another command.</summary>
    public static Task<Companion> StartOwnAsync(string command, CancellationToken cancellationToken) =>
        StartAsync("dotnet", [typeof(Companion).Assembly.Location, command], cancellationToken);

    /// <summary>Starts a peer's script.</summary>
    public static Task<Companion> StartPeerAsync(string script, string[] arguments, CancellationToken cancellationToken) =>
        StartAsync("node", [Path.Combine(Directories.Peers, script), .. arguments], cancellationToken);

    /// <summary>Starts a program and waits for its first line.</summary>
    public static async Task<Companion> StartAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new(process, await ReadLineAsync(process, cancellationToken));
    }

    /// <summary>Has it measure something: a line of JSON asks, a line of JSON answers.</summary>
    public async Task<Reading> MeasureAsync(object request, CancellationToken cancellationToken)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, JsonSerializerOptions.Web).AsMemory(), cancellationToken);
        await process.StandardInput.FlushAsync(cancellationToken);
        return JsonSerializer.Deserialize<Reading>(await ReadLineAsync(process, cancellationToken), JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private static async Task<string> ReadLineAsync(Process process, CancellationToken cancellationToken) =>
        await process.StandardOutput.ReadLineAsync(cancellationToken)
        ?? throw new InvalidOperationException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ended too early.");
}
