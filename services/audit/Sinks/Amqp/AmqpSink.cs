using System.Text;
using Mainstay.BusContracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Mainstay.Audit.Sinks.Amqp;

/// <summary>Publishes events to a topic exchange of another broker, each confirmed; the routing key and headers are those of the bus.</summary>
internal sealed class AmqpSink(Uri uri, string exchange, TimeSpan timeout, TimeProvider clock) : IAuditSink
{
    private IConnection? connection;
    private IChannel? channel;

    public SinkLimits Limits { get; } = new(200, 4L << 20, 1 << 20);

    public byte[] Encode(OutgoingEvent outgoing) => Encoding.UTF8.GetBytes(outgoing.Json);

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);

        // What the broker has confirmed does not come again: one that is slow, or a line that breaks, holds events up but does not hold them where they are.
        var taken = 0;
        try
        {
            var open = channel is { IsOpen: true } ? channel : await OpenAsync(either.Token);

            // One by one: of several under way, a later one may arrive where an earlier one did not, and the order would be lost.
            for (; taken < events.Count; taken++)
            {
                await PublishAsync(open, events[taken], either.Token);
            }

            return Delivery.Complete;
        }
        catch (BrokerUnreachableException exception) when (exception.InnerException is AuthenticationFailureException or PossibleAuthenticationFailureException)
        {
            return new Delivery(DeliveryOutcome.Stop, "the broker refused the user name or password");
        }
        catch (PublishException exception)
        {
            return Later(exception.IsReturn ? "no queue is bound to the exchange" : "the broker did not take an event", taken);
        }
        catch (Exception exception) when (exception is AlreadyClosedException or OperationInterruptedException)
        {
            return Later("the connection to the broker broke", taken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await CloseAsync();
            return Later($"the broker did not answer within {timeout}", taken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Delivery.FailedBy(exception) with { Taken = taken };
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private static Delivery Later(string failure, int taken) => new(DeliveryOutcome.Retry, failure) { Taken = taken };

    private async Task PublishAsync(IChannel open, EncodedEvent encoded, CancellationToken cancellationToken)
    {
        var outgoing = encoded.Event;
        var properties = new BasicProperties
        {
            ContentType = outgoing.Format.MediaType,
            Persistent = true,
            MessageId = outgoing.EventId,
            Headers = CloudEventAttributes.Of(outgoing.Fields).ToDictionary(
                attribute => CloudEventAttributes.HeaderPrefix + attribute.Name, attribute => (object?)VisibleText.Of(attribute.Value)),
        };
        await open.BasicPublishAsync(exchange, RoutingKey.Of(outgoing), mandatory: true, properties, encoded.Bytes, cancellationToken);
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        var factory = new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false, ClientProvidedName = "mainstay audit sink" };
        connection = await factory.CreateConnectionAsync(cancellationToken);
        channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        return channel;
    }

    private async Task CloseAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        (connection, channel) = (null, null);
    }
}
