using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace Mainstay.Testing;

/// <summary>
/// The tests' PostgreSQL and RabbitMQ: those that the environment names, as './build.sh test' does, else ones of this process, which are
/// started when a test first asks and end with it.
/// </summary>
public static class TestServers
{
    private static readonly Lazy<Task<string>> OwnPostgres = new(async () =>
    {
        var container = new PostgreSqlBuilder().WithImage("postgres:17-alpine").Build();
        await container.StartAsync();
        return container.GetConnectionString();
    });

    private static readonly Lazy<Task<string>> OwnRabbitMq = new(async () =>
    {
        var container = new RabbitMqBuilder().WithImage("rabbitmq:4.1-alpine").Build();
        await container.StartAsync();
        return container.GetConnectionString();
    });

    /// <summary>The connection string of a superuser of PostgreSQL.</summary>
    public static Task<string> PostgresAsync() => Given("MAINSTAY_TEST_POSTGRES") ?? OwnPostgres.Value;

    /// <summary>The address of RabbitMQ.</summary>
    public static async Task<Uri> RabbitMqAsync() => new(await (Given("MAINSTAY_TEST_RABBITMQ") ?? OwnRabbitMq.Value));

    private static Task<string>? Given(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? Task.FromResult(value) : null;
}
