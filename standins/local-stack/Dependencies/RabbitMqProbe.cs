using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Mainstay.LocalStack.Dependencies;

/// <summary>Asks whether a RabbitMQ answers.</summary>
internal static class RabbitMqProbe
{
    /// <summary>Says whether the broker takes the connection.</summary>
    public static async Task<bool> AnswersAsync(Uri uri, CancellationToken cancellationToken)
    {
        try
        {
            var factory = new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync(cancellationToken);
            return connection.IsOpen;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }
}
