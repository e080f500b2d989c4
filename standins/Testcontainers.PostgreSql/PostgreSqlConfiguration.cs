using DotNet.Testcontainers.Configurations;

namespace Testcontainers.PostgreSql;

/// <summary>What a PostgreSQL is to be like.</summary>
public sealed class PostgreSqlConfiguration : ContainerConfiguration
{
    /// <summary>A configuration that sets nothing but what is given.</summary>
    public PostgreSqlConfiguration(string? database = null, string? username = null, string? password = null)
    {
        Database = database;
        Username = username;
        Password = password;
    }

    /// <summary>A configuration of what every container has.</summary>
    public PostgreSqlConfiguration(IContainerConfiguration resourceConfiguration)
        : base(new ContainerConfiguration(), resourceConfiguration)
    {
    }

    /// <summary>Puts one configuration over another.</summary>
    public PostgreSqlConfiguration(PostgreSqlConfiguration oldValue, PostgreSqlConfiguration newValue)
        : base(oldValue, newValue)
    {
        Database = newValue.Database ?? oldValue.Database;
        Username = newValue.Username ?? oldValue.Username;
        Password = newValue.Password ?? oldValue.Password;
    }

    /// <summary>The database that is there from the start.</summary>
    public string? Database { get; }

    /// <summary>The superuser.</summary>
    public string? Username { get; }

    /// <summary>The superuser's password.</summary>
    public string? Password { get; }
}
