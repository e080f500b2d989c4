using Mainstay.Testing;

namespace Temporalio.Tests.Server;

/// <summary>One embedded server for the tests of a class.</summary>
public sealed class SharedTemporal : IAsyncLifetime
{
    private EmbeddedTemporal? server;

    /// <summary>Where it serves.</summary>
    public string Address => server!.Address;

    public async ValueTask InitializeAsync() => server = await EmbeddedTemporal.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
