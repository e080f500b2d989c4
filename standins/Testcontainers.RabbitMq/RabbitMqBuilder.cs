using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;

namespace Testcontainers.RabbitMq;

/// <summary>Describes a RabbitMQ for tests.</summary>
public sealed class RabbitMqBuilder : ContainerBuilder<RabbitMqBuilder, RabbitMqContainer, RabbitMqConfiguration>
{
    /// <summary>The image that the official package runs by default.</summary>
    public const string RabbitMqImage = "rabbitmq:3.11";

    /// <summary>The port of the image.</summary>
    public const ushort RabbitMqPort = 5672;

    /// <summary>The user.</summary>
    public const string DefaultUsername = "rabbitmq";

    /// <summary>The user's password.</summary>
    public const string DefaultPassword = "rabbitmq";

    /// <summary>A RabbitMQ with the defaults.</summary>
    public RabbitMqBuilder()
        : this(new RabbitMqConfiguration(DefaultUsername, DefaultPassword))
    {
    }

    private RabbitMqBuilder(RabbitMqConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>Sets the user.</summary>
    public RabbitMqBuilder WithUsername(string username) => Merge(DockerResourceConfiguration, new RabbitMqConfiguration(username: username));

    /// <summary>Sets the user's password.</summary>
    public RabbitMqBuilder WithPassword(string password) => Merge(DockerResourceConfiguration, new RabbitMqConfiguration(password: password));

    /// <inheritdoc />
    public override RabbitMqContainer Build()
    {
        ArgumentException.ThrowIfNullOrEmpty(DockerResourceConfiguration.Username, nameof(RabbitMqConfiguration.Username));
        ArgumentException.ThrowIfNullOrEmpty(DockerResourceConfiguration.Password, nameof(RabbitMqConfiguration.Password));
        return new RabbitMqContainer(DockerResourceConfiguration);
    }

    /// <inheritdoc />
    protected override RabbitMqBuilder Clone(IContainerConfiguration resourceConfiguration) =>
        Merge(DockerResourceConfiguration, new RabbitMqConfiguration(resourceConfiguration));

    /// <inheritdoc />
    protected override RabbitMqBuilder Merge(RabbitMqConfiguration oldValue, RabbitMqConfiguration newValue) => new(new RabbitMqConfiguration(oldValue, newValue));
}
