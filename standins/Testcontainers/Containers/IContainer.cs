namespace DotNet.Testcontainers.Containers;

/// <summary>A server that a test starts and throws away.</summary>
public interface IContainer : IAsyncDisposable
{
    /// <summary>Its id.</summary>
    string Id { get; }

    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Where its ports are reached.</summary>
    string Hostname { get; }

    /// <summary>Whether it runs.</summary>
    TestcontainersStates State { get; }

    /// <summary>The port of this machine behind which a port of the container lies.</summary>
    ushort GetMappedPublicPort(int containerPort);

    /// <summary>What it has printed.</summary>
    Task<(string Stdout, string Stderr)> GetLogsAsync(DateTime since = default, DateTime until = default, bool timestampsEnabled = true, CancellationToken ct = default);

    /// <summary>Starts it; returns once it answers.</summary>
    Task StartAsync(CancellationToken ct = default);

    /// <summary>Stops it.</summary>
    Task StopAsync(CancellationToken ct = default);
}

/// <summary>Whether a container runs.</summary>
[Flags]
public enum TestcontainersStates
{
    /// <summary>It was never started.</summary>
    Undefined = 0x1,

    /// <summary>It is made.</summary>
    Created = 0x2,

    /// <summary>It starts again.</summary>
    Restarting = 0x4,

    /// <summary>It runs.</summary>
    Running = 0x8,

    /// <summary>It goes.</summary>
    Removing = 0x10,

    /// <summary>It holds.</summary>
    Paused = 0x20,

    /// <summary>It has ended.</summary>
    Exited = 0x40,

    /// <summary>It is gone.</summary>
    Dead = 0x80,
}
