using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Internal;
using Mainstay.LocalStack.Processes;

namespace DotNet.Testcontainers.Containers;

/// <summary>A server that a test starts and throws away: here a private process of this machine, on free ports, in a directory of its own.</summary>
public class DockerContainer : IContainer
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    private readonly LocalServer server;
    private Dictionary<int, ushort> ports = [];
    private string? directory;
    private ServerProcess? process;
    private bool disposed;

    internal DockerContainer(IContainerConfiguration configuration, LocalServer server)
    {
        this.server = server;
        Name = configuration.Name ?? $"/{Id[..12]}";
    }

    /// <inheritdoc />
    public string Id { get; } = Guid.NewGuid().ToString("n");

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public string Hostname => "127.0.0.1";

    /// <inheritdoc />
    public TestcontainersStates State => process switch
    {
        null => TestcontainersStates.Undefined,
        _ when disposed => TestcontainersStates.Exited,
        { HasExited: true } => TestcontainersStates.Exited,
        _ => TestcontainersStates.Running,
    };

    /// <inheritdoc />
    public ushort GetMappedPublicPort(int containerPort) => ports.TryGetValue(containerPort, out var port)
        ? port
        : throw new InvalidOperationException($"Exposed port {containerPort} is not mapped.");

    /// <inheritdoc />
    public async Task<(string Stdout, string Stderr)> GetLogsAsync(
        DateTime since = default, DateTime until = default, bool timestampsEnabled = true, CancellationToken ct = default) =>
        (process is null ? "" : await process.ReadLogAsync(ct), "");

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken ct = default)
    {
        if (State == TestcontainersStates.Running)
        {
            return;
        }

        server.RequireInstalled();
        try
        {
            if (!Directory.Exists(directory))
            {
                directory = Directory.CreateTempSubdirectory($"testcontainers-{server.Name}-").FullName;
                ports = server.Ports.Zip(FreePorts.Take(server.Ports.Count)).ToDictionary(pair => pair.First, pair => (ushort)pair.Second);
                await server.PrepareAsync(directory, ct);
            }

            process?.Dispose();
            process = ServerProcess.Start(server.Command(directory, ports), directory);
            await WaitUntilReadyAsync(process, ct);
        }
        catch
        {
            await RemoveAsync();
            throw;
        }
    }

    /// <inheritdoc />
    /// <remarks>What the server has stored stays, and is there again after the next start, as with a container.</remarks>
    public async Task StopAsync(CancellationToken ct = default)
    {
        if (process is not null)
        {
            await process.StopAsync(keepDirectory: true, ct);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            await RemoveAsync();
            disposed = true;
            process?.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private async Task RemoveAsync()
    {
        if (process is not null)
        {
            await process.StopAsync(keepDirectory: false, CancellationToken.None);
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        directory = null;
    }

    private async Task WaitUntilReadyAsync(ServerProcess started, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTime);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await server.IsReadyAsync(ports, timeout.Token))
        {
            if (started.HasExited)
            {
                throw new InvalidOperationException($"{server.Name} ended as it started: {await started.ReadLogAsync(cancellationToken)}");
            }

            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }
}
