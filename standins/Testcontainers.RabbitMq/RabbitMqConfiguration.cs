using DotNet.Testcontainers.Configurations;

namespace Testcontainers.RabbitMq;

/// <summary>What a RabbitMQ is to be like.</summary>
public sealed class RabbitMqConfiguration : ContainerConfiguration
{
    /// <summary>A configuration that sets nothing but what is given.</summary>
    public RabbitMqConfiguration(string? username = null, string? password = null)
    {
        Username = username;
        Password = password;
    }

    /// <summary>A configuration of what every container has.</summary>
    public RabbitMqConfiguration(IContainerConfiguration resourceConfiguration)
        : base(new ContainerConfiguration(), resourceConfiguration)
    {
    }

    /// <summary>Puts one configuration over another.</summary>
    public RabbitMqConfiguration(RabbitMqConfiguration oldValue, RabbitMqConfiguration newValue)
        : base(oldValue, newValue)
    {
        Username = newValue.Username ?? oldValue.Username;
        Password = newValue.Password ?? oldValue.Password;
    }

    /// <summary>The user.</summary>
    public string? Username { get; }

    /// <summary>The user's password.</summary>
    public string? Password { get; }
}
