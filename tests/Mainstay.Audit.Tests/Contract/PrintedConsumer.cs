using System.Diagnostics;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Contract;

/// <summary>A program as docs/audit-events.md prints it, running.</summary>
internal sealed class PrintedConsumer : IAsyncDisposable
{
    private readonly Process process;

    private PrintedConsumer(Process process) => this.process = process;

    /// <summary>Starts the document's program in a language; returns once it listens.</summary>
    public static async Task<PrintedConsumer> StartAsync(string language, string program, string directory, CancellationToken cancellationToken)
    {
        var file = Path.Combine(directory, $"consume-{Guid.CreateVersion7():n}.{(language == "python" ? "py" : "js")}");
        await File.WriteAllTextAsync(file, await ReadAsync(language, cancellationToken), cancellationToken);
        var broker = await TestServers.RabbitMqAsync();
        var process = Process.Start(new ProcessStartInfo(program, [file, broker.ToString()]) { RedirectStandardOutput = true, WorkingDirectory = directory })!;
        var consumer = new PrintedConsumer(process);
        Assert.Equal("listening", await consumer.NextLineAsync(cancellationToken));
        File.Delete(file);
        return consumer;
    }

    /// <summary>The next line that it prints; fails when none comes within a minute.</summary>
    public async Task<string?> NextLineAsync(CancellationToken cancellationToken) =>
        await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<string> ReadAsync(string language, CancellationToken cancellationToken)
    {
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "audit-events.md"), cancellationToken);
        return document.Split($"```{language}\n")[1].Split("```")[0];
    }
}
