using DotNet.Testcontainers.Containers;

namespace Testcontainers.PostgreSql;

/// <summary>A PostgreSQL that a test starts and throws away.</summary>
public sealed class PostgreSqlContainer(PostgreSqlConfiguration configuration) : DockerContainer(configuration, new LocalPostgreSql(configuration))
{
    /// <summary>How to connect, as the superuser.</summary>
    public string GetConnectionString() => string.Join(
        ';',
        $"Host={Hostname}",
        $"Port={GetMappedPublicPort(PostgreSqlBuilder.PostgreSqlPort)}",
        $"Database={configuration.Database}",
        $"Username={configuration.Username}",
        $"Password={configuration.Password}");
}
