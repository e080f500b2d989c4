using DotNet.Testcontainers.Containers;

namespace Testcontainers.RabbitMq;

/// <summary>A RabbitMQ that a test starts and throws away.</summary>
public sealed class RabbitMqContainer(RabbitMqConfiguration configuration) : DockerContainer(configuration, new LocalRabbitMq(configuration))
{
    /// <summary>Its address, with user and password.</summary>
    public string GetConnectionString() => new UriBuilder("amqp", Hostname, GetMappedPublicPort(RabbitMqBuilder.RabbitMqPort))
    {
        UserName = Uri.EscapeDataString(configuration.Username!),
        Password = Uri.EscapeDataString(configuration.Password!),
    }.ToString();
}
