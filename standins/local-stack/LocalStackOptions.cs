namespace Mainstay.LocalStack;

/// <summary>What one local stack is to be.</summary>
public sealed record LocalStackOptions
{
    /// <summary>
    /// Where the stack keeps its state; default <c>MAINSTAY_RUN_DIRECTORY</c>, else <c>.run</c> in the repository. Two stacks need two directories.
    /// </summary>
    public string RunDirectory { get; init; } =
        System.Environment.GetEnvironmentVariable("MAINSTAY_RUN_DIRECTORY") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, ".run");

    /// <summary>Takes free ports in place of the well-known ones; default false.</summary>
    public bool FreePorts { get; init; }

    /// <summary>Configuration that goes to every service, above the file and the environment, for example <c>audit:sinks:0:url</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment variables of every service, for what must not stand on a command line.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where progress is written; default nowhere.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
