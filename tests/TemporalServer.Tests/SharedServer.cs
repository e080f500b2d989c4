using Mainstay.Testing;

namespace TemporalServer.Tests;

/// <summary>One server for the tests of a class.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();
    private ServerProcess? server;

    /// <summary>Where it serves.</summary>
    public string Address => server!.Address;

    /// <summary>Its database.</summary>
    public string Database { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        server = await ServerProcess.StartAsync(Database, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        await postgres.DisposeAsync();
    }
}
