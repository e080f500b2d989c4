using System.Text;
using Mainstay.Audit.Recording;
using Mainstay.Testing;
using RabbitMQ.Client;

namespace Mainstay.Audit.Tests.Recording;

public sealed class DeadLetterQueueTests
{
    private readonly string queue = $"mainstay.audit.test.{Guid.CreateVersion7():n}.dead";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_QueueWasDeletedMeanwhile_MakesItAnewTheNextTime()
    {
        var broker = await TestServers.RabbitMqAsync();
        await using var deadLetters = new DeadLetterQueue(broker, queue);
        await deadLetters.PublishAsync([new DeadLetter("before", [1])], Cancellation);
        await OnNewChannelAsync(broker, channel => channel.QueueDeleteAsync(queue, cancellationToken: Cancellation));

        await Assert.ThrowsAnyAsync<Exception>(() => deadLetters.PublishAsync([new DeadLetter("lost", [2])], Cancellation));
        await deadLetters.PublishAsync([new DeadLetter("again", [2])], Cancellation);

        var message = await OnNewChannelAsync(broker, channel => channel.BasicGetAsync(queue, autoAck: true, Cancellation));
        Assert.Equal("again", Encoding.UTF8.GetString((byte[])message!.BasicProperties.Headers!["mainstay-reason"]!));
        await OnNewChannelAsync(broker, channel => channel.QueueDeleteAsync(queue, cancellationToken: Cancellation));
    }

    // A channel that knew the queue that was deleted would not find the new one.
    private static async Task<T> OnNewChannelAsync<T>(Uri broker, Func<IChannel, Task<T>> act)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        return await act(channel);
    }
}
