using Npgsql;

namespace Temporalio.Testing;

/// <summary>A database that a test server makes for itself and that is gone afterwards.</summary>
internal sealed class TestDatabase
{
    private const string Variable = "MAINSTAY_TEST_POSTGRES";

    private readonly NpgsqlConnectionStringBuilder settings;

    private TestDatabase(NpgsqlConnectionStringBuilder settings) => this.settings = settings;

    public string ConnectionString => settings.ConnectionString;

    /// <summary>A name that is not in use yet, on the PostgreSQL of the tests.</summary>
    public static TestDatabase Reserve()
    {
        var server = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException($"A test server needs PostgreSQL: set {Variable} to the connection string of a superuser, or pass --database in ExtraArgs");
        return new(new(server) { Database = $"temporal_{Guid.NewGuid():n}" });
    }

    public async Task DropAsync()
    {
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false });
        await using var command = server.CreateCommand($"drop database if exists {settings.Database} with (force)");
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
