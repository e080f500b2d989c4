using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;

namespace Testcontainers.PostgreSql;

/// <summary>Describes a PostgreSQL for tests.</summary>
public sealed class PostgreSqlBuilder : ContainerBuilder<PostgreSqlBuilder, PostgreSqlContainer, PostgreSqlConfiguration>
{
    /// <summary>The image that the official package runs by default.</summary>
    public const string PostgreSqlImage = "postgres:15.1";

    /// <summary>The port of the image.</summary>
    public const ushort PostgreSqlPort = 5432;

    /// <summary>The database that is there from the start.</summary>
    public const string DefaultDatabase = "postgres";

    /// <summary>The superuser.</summary>
    public const string DefaultUsername = "postgres";

    /// <summary>The superuser's password.</summary>
    public const string DefaultPassword = "postgres";

    /// <summary>A PostgreSQL with the defaults.</summary>
    public PostgreSqlBuilder()
        : this(new PostgreSqlConfiguration(DefaultDatabase, DefaultUsername, DefaultPassword))
    {
    }

    private PostgreSqlBuilder(PostgreSqlConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>Sets the database that is there from the start.</summary>
    public PostgreSqlBuilder WithDatabase(string database) => Merge(DockerResourceConfiguration, new PostgreSqlConfiguration(database: database));

    /// <summary>Sets the superuser.</summary>
    public PostgreSqlBuilder WithUsername(string username) => Merge(DockerResourceConfiguration, new PostgreSqlConfiguration(username: username));

    /// <summary>Sets the superuser's password.</summary>
    public PostgreSqlBuilder WithPassword(string password) => Merge(DockerResourceConfiguration, new PostgreSqlConfiguration(password: password));

    /// <inheritdoc />
    public override PostgreSqlContainer Build()
    {
        ArgumentException.ThrowIfNullOrEmpty(DockerResourceConfiguration.Password, nameof(PostgreSqlConfiguration.Password));
        return new PostgreSqlContainer(DockerResourceConfiguration);
    }

    /// <inheritdoc />
    protected override PostgreSqlBuilder Clone(IContainerConfiguration resourceConfiguration) =>
        Merge(DockerResourceConfiguration, new PostgreSqlConfiguration(resourceConfiguration));

    /// <inheritdoc />
    protected override PostgreSqlBuilder Merge(PostgreSqlConfiguration oldValue, PostgreSqlConfiguration newValue) => new(new PostgreSqlConfiguration(oldValue, newValue));
}
