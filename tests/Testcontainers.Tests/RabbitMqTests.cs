using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Testcontainers.RabbitMq;

namespace Testcontainers.Tests;

public sealed class RabbitMqTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_UserAndPasswordSet_AnswersToThemAlone()
    {
        await using var container = new RabbitMqBuilder().WithImage("rabbitmq:4.1").WithUsername("ada").WithPassword("s3cret/+").Build();

        await container.StartAsync(Cancellation);

        await using (var connection = await new ConnectionFactory { Uri = new Uri(container.GetConnectionString()) }.CreateConnectionAsync(Cancellation))
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
            Assert.Equal(0u, (await channel.QueueDeclareAsync(cancellationToken: Cancellation)).MessageCount);
        }

        var wrong = new UriBuilder(container.GetConnectionString()) { Password = "wrong" }.Uri;
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => new ConnectionFactory { Uri = wrong }.CreateConnectionAsync(Cancellation));
    }
}
