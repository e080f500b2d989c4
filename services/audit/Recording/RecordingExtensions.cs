using Mainstay.Audit.Recording.Bus;
using Mainstay.ServiceDefaults.Configuration;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RabbitMQ.Client;

namespace Mainstay.Audit.Recording;

internal static class RecordingExtensions
{
    /// <summary>The durable queue in which events wait for this service.</summary>
    public const string Queue = "mainstay.audit.store";

    private const string Exchange = "mainstay.audit";

    // Batches are committed together; small ones are the sooner read and canonicalised beside the commit of those before them. A delivery holds up to a hundred messages.
    private const int MostDeliveries = 8;

    // Twice what a commit takes, so that the next is ready when one ends; what lies in memory longer is copied by the collector.
    private const int BatchesAtOnce = 12;
    private const int MostUnacknowledged = 8000;

    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(20);

    /// <summary>Adds the consumer that stores what every service announces.</summary>
    public static WebApplicationBuilder AddRecording(this WebApplicationBuilder builder)
    {
        var broker = new Uri(builder.Configuration.Required("rabbitmq:uri"));
        var queue = builder.Configuration["audit:queue"] is { Length: > 0 } named ? named : Queue;
        var exchange = builder.Configuration["audit:exchange"] is { Length: > 0 } other ? other : Exchange;
        builder.Services.TryAddSingleton<AuditPartitions>();
        builder.Services.TryAddSingleton<AppendEvents>();
        builder.Services.TryAddSingleton<RecordEvents>();
        builder.Services.TryAddSingleton(_ => new DeadLetterQueue(broker, $"{queue}.dead"));
        builder.Services.AddHostedService<PreparePartitions>();
        builder.Services.AddMassTransit(bus =>
        {
            // MassTransit would report its use to its maker.
            bus.ConfigureUsageTelemetryOptions(telemetry => telemetry.Enabled = false);
            bus.AddConsumer<StoreBatch>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker, host => host.OnRefreshConnectionFactory = ReadAheadAsync);
                rabbit.ReceiveEndpoint(queue, endpoint => Configure(endpoint, exchange, context));
            });
        });
        return builder;
    }

    private static Task ReadAheadAsync(ConnectionFactory factory)
    {
        factory.SocketFactory = family => new ReadAheadClient(ConnectionFactoryBase.DefaultSocketFactory(family).Client);
        return Task.CompletedTask;
    }

    private static void Configure(IRabbitMqReceiveEndpointConfigurator endpoint, string exchange, IBusRegistrationContext context)
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = MostUnacknowledged;
        endpoint.ConfigureConsumeTopology = false;
        endpoint.Bind(exchange, binding =>
        {
            binding.ExchangeType = ExchangeType.Topic;
            binding.RoutingKey = "#";
        });
        endpoint.ConfigureChannel(channel => channel.UseFilter(new GatherAcks()));
        endpoint.ClearSerialization();
        var serialization = new BusMessagesSerialization();
        endpoint.AddDeserializer(serialization, isDefault: true);
        endpoint.AddSerializer(serialization);
        endpoint.ConfigureConsumer<StoreBatch>(context, consumer => consumer.Options<BatchOptions>(batch => batch
            .SetMessageLimit(MostDeliveries)
            .SetTimeLimit(LongestGathering)
            .SetConcurrencyLimit(BatchesAtOnce)));

        // What was not consumed stays with the broker: in a queue of errors it would be no message of the contract.
        endpoint.RethrowFaultedMessages();
        endpoint.PublishFaults = false;

        // One delivery is handed on at a time, as none is waited for.
        endpoint.ConcurrentMessageLimit = 1;
    }
}
