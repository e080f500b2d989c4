namespace Mainstay.Testing;

/// <summary>Where the tests' PostgreSQL and RabbitMQ are.</summary>
public static class TestServers
{
    /// <summary>The connection string of a superuser of PostgreSQL.</summary>
    public static string Postgres { get; } = Endpoint("MAINSTAY_TEST_POSTGRES", "PostgreSQL, as the connection string of a superuser");

    /// <summary>The address of RabbitMQ.</summary>
    public static Uri RabbitMq { get; } = new(Endpoint("MAINSTAY_TEST_RABBITMQ", "RabbitMQ, as an amqp:// address"));

    private static string Endpoint(string variable, string what) =>
        Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException(
            $"{variable} is not set ({what}). Run the tests with './build.sh test', which starts both and installs them where they are missing ('./build.sh setup').");
}
