namespace DotNet.Testcontainers.Internal;

/// <summary>How a program of this machine is run in the place of an image.</summary>
internal abstract class LocalServer
{
    /// <summary>What the server is called in messages and in the names of its directories.</summary>
    public abstract string Name { get; }

    /// <summary>The ports that its image exposes.</summary>
    public abstract IReadOnlyList<int> Ports { get; }

    /// <summary>Says how the program is installed, where it is not.</summary>
    public abstract void RequireInstalled();

    /// <summary>Makes a directory ready for the first start.</summary>
    public abstract Task PrepareAsync(string directory, CancellationToken cancellationToken);

    /// <summary>The program to run.</summary>
    public abstract ServerCommand Command(string directory, IReadOnlyDictionary<int, ushort> ports);

    /// <summary>Whether the server answers.</summary>
    public abstract Task<bool> IsReadyAsync(IReadOnlyDictionary<int, ushort> ports, CancellationToken cancellationToken);
}

/// <summary>A program to run.</summary>
/// <param name="Arguments">The program and its arguments.</param>
/// <param name="StopSignal">The signal that ends it, for example "INT".</param>
internal sealed record ServerCommand(IReadOnlyList<string> Arguments, string StopSignal)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A program that must run beside it; empty when there is none.</summary>
    public string Companion { get; init; } = "";
}
