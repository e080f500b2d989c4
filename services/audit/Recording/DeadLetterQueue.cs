using RabbitMQ.Client;

namespace Mainstay.Audit.Recording;

/// <summary>The queue in which operators' tools find messages that are no event, as they came, with the reason in the header <c>mainstay-reason</c>.</summary>
internal sealed class DeadLetterQueue(Uri broker, string queue) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private IConnection? connection;
    private IChannel? channel;

    /// <summary>Returns once the broker has confirmed every message.</summary>
    public async Task PublishAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        if (letters.Count == 0)
        {
            return;
        }

        await turn.WaitAsync(cancellationToken);
        try
        {
            var open = await OpenAsync(cancellationToken);
            foreach (var letter in letters)
            {
                var properties = new BasicProperties { Persistent = true, Headers = new Dictionary<string, object?> { ["mainstay-reason"] = letter.Reason } };
                await open.BasicPublishAsync("", queue, mandatory: true, properties, letter.Body, cancellationToken);
            }
        }
        catch (Exception)
        {
            // Whatever it was, a queue that was deleted included: the next time begins with a connection and the queue's declaration.
            channel = null;
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        turn.Dispose();
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true })
        {
            return channel;
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, ClientProvidedName = "audit dead letters" }.CreateConnectionAsync(cancellationToken);
        channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        return channel;
    }
}
