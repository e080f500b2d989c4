using Npgsql;
using Testcontainers.PostgreSql;

namespace Testcontainers.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task Start_AfterStop_HasWhatWasStored()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var container = new PostgreSqlBuilder().Build();
        await container.StartAsync(cancellationToken);
        await ExecuteAsync(container, "create table kept as select 17 as value", cancellationToken);

        await container.StopAsync(cancellationToken);
        await container.StartAsync(cancellationToken);

        Assert.Equal(17, await ExecuteAsync(container, "select value from kept", cancellationToken));
    }

    private static async Task<object?> ExecuteAsync(PostgreSqlContainer container, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(container.GetConnectionString());
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
