using Mainstay.Testing;

namespace Mainstay.ToolGateway.Tests.Drivers;

/// <summary>What the probe wrote down: one line for each thing that happened to it.</summary>
public sealed class Journal(string path)
{
    public string Path => path;

    public IReadOnlyList<string> Lines => File.Exists(path) ? File.ReadAllLines(path) : [];

    /// <summary>Returns once a line is there, so often; fails when it does not come within 30 s.</summary>
    public Task HasAsync(string line, CancellationToken cancellationToken, int times = 1) => Eventually.TrueAsync(() => Count(line) >= times, cancellationToken);

    /// <summary>How often a line is there.</summary>
    public int Count(string line) => Lines.Count(one => one == line);

    /// <summary>The process ids under which the probe was started, in order.</summary>
    public IReadOnlyList<int> ProcessIds => [.. Lines.Where(line => line.StartsWith("started ", StringComparison.Ordinal)).Select(line => int.Parse(line["started ".Length..]))];
}
