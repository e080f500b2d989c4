using Dapper;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>Keeps publishing what the outbox holds, woken by each new row; after a failure it tries again, later each time.</summary>
internal sealed partial class OutboxRelay(
    NpgsqlDataSource database, PublishOutbox publish, RelayState state, IConfiguration configuration, TimeProvider clock, ILogger<OutboxRelay> logger) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private TimeSpan pause = FirstPause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RelayAsync(stoppingToken);
            }
            catch (Exception exception)
            {
                // Whatever breaks off while stopping stays in the outbox.
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                Report(exception);
                await MeasureAsync(stoppingToken);
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task RelayAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(configuration.Required("rabbitmq:uri")), AutomaticRecoveryEnabled = false };
        await using var broker = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await broker.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        await publish.DeclareAsync(channel, cancellationToken);

        await using var listener = await database.OpenConnectionAsync(cancellationToken);
        await listener.ExecuteAsync(new CommandDefinition($"listen {AuditOutbox.Channel}", cancellationToken: cancellationToken));
        while (channel.IsOpen)
        {
            while (await publish.ExecuteAsync(channel, cancellationToken))
            {
                // More is waiting.
            }

            pause = FirstPause;
            state.Problem = "";
            await publish.MeasureAsync(cancellationToken);
            await listener.WaitAsync(LongestWait, cancellationToken);
        }
    }

    // Not knowing how much waits must not keep it waiting.
    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await publish.MeasureAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            Log.NotMeasured(logger, exception);
        }
    }

    private void Report(Exception exception)
    {
        if (exception is PublishException { IsReturn: true })
        {
            state.Problem = "No queue is bound to the audit exchange.";
            Log.Returned(logger);
        }
        else
        {
            state.Problem = exception is NpgsqlException ? "The outbox cannot be read." : "RabbitMQ does not answer.";
            Log.Interrupted(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The broker returned events because no queue is bound for them, as before the audit service's first start; they stay in the outbox")]
        public static partial void Returned(ILogger logger);

        [LoggerMessage(Level = LogLevel.Debug, Message = "The events in the outbox could not be counted")]
        public static partial void NotMeasured(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox was not relayed; retrying")]
        public static partial void Interrupted(ILogger logger, Exception exception);
    }
}
