using Npgsql;

namespace Mainstay.Testing;

/// <summary>Makes databases on the tests' PostgreSQL and removes them at the end.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly List<string> databases = [];

    /// <summary>How to reach the server, with a database of a name.</summary>
    public static async Task<NpgsqlConnectionStringBuilder> SettingsAsync(string database) => new(await TestServers.PostgresAsync()) { Database = database };

    /// <summary>A name for a database that does not exist yet and is removed at the end.</summary>
    public string ReserveDatabase()
    {
        var name = $"test_{Guid.CreateVersion7():n}";
        databases.Add(name);
        return name;
    }

    /// <summary>Makes an empty database.</summary>
    public async Task<NpgsqlDataSource> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = ReserveDatabase();
        await ExecuteAsync($"create database {name}", cancellationToken);
        return NpgsqlDataSource.Create(await SettingsAsync(name));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in databases)
        {
            await ExecuteAsync($"drop database if exists {name} with (force)", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var server = NpgsqlDataSource.Create(await SettingsAsync("postgres"));
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
