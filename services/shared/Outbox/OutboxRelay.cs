using System.Text;
using Dapper;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>Publishes what the outbox holds, in order; a row goes once the broker has confirmed it.</summary>
internal sealed partial class OutboxRelay(NpgsqlDataSource database, IConfiguration configuration, ILogger<OutboxRelay> logger) : BackgroundService
{
    private const string Exchange = "mainstay.audit";
    private const int BatchSize = 200;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Rows that another process of the service holds are left to it.
    private const string Take = """
        select sequence, routing_key, body::text as body, trace_parent
        from outbox
        order by sequence
        limit @BatchSize
        for update skip locked
        """;

    private const string Remove = "delete from outbox where sequence = any(@Sequences)";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RelayAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, exception);
                await Task.Delay(RetryDelay, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RelayAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(configuration.Required("rabbitmq:uri")), AutomaticRecoveryEnabled = false };
        await using var broker = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await broker.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);

        await using var listener = await database.OpenConnectionAsync(cancellationToken);
        await listener.ExecuteAsync(new CommandDefinition($"listen {AuditOutbox.Channel}", cancellationToken: cancellationToken));
        while (true)
        {
            while (await PublishBatchAsync(channel, cancellationToken) == BatchSize)
            {
                // More is waiting.
            }

            await listener.WaitAsync(LongestWait, cancellationToken);
        }
    }

    private async Task<int> PublishBatchAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Take, new { BatchSize }, transaction, cancellationToken: cancellationToken))).AsList();
        if (rows.Count == 0)
        {
            return 0;
        }

        await Task.WhenAll(rows.Select(row => PublishAsync(channel, row, cancellationToken).AsTask()));
        await connection.ExecuteAsync(new CommandDefinition(
            Remove, new { Sequences = rows.Select(row => row.Sequence).ToArray() }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }

    private static ValueTask PublishAsync(IChannel channel, Row row, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { ContentType = "application/json", Persistent = true };
        if (row.TraceParent is not null)
        {
            properties.Headers = new Dictionary<string, object?> { ["traceparent"] = row.TraceParent };
        }

        return channel.BasicPublishAsync(Exchange, row.RoutingKey, mandatory: false, properties, Encoding.UTF8.GetBytes(row.Body), cancellationToken);
    }

    private sealed record Row(long Sequence, string RoutingKey, string Body, string? TraceParent);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox was not relayed; retrying")]
        public static partial void Interrupted(ILogger logger, Exception exception);
    }
}
