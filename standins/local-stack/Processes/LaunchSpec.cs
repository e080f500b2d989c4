namespace Mainstay.LocalStack.Processes;

/// <summary>How one process is started and, in order, stopped.</summary>
internal sealed record LaunchSpec(string Name, IReadOnlyList<string> Command)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingDirectory { get; init; }

    /// <summary>The signal that asks the process to stop; default SIGTERM.</summary>
    public int StopSignal { get; init; } = Signals.Terminate;
}
