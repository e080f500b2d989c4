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

    // Batches are committed together; small ones are the sooner read and canonicalised beside the commit of those before them.
    private const int MostMessages = 500;

    // More would cost the database less, but what lies in memory meanwhile is copied by the collector, which costs more.
    private const int BatchesAtOnce = 5;

    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(20);

    /// <summary>Adds the consumer that stores what every service announces.</summary>
    public static WebApplicationBuilder AddRecording(this WebApplicationBuilder builder)
    {
        var broker = new Uri(builder.Configuration.Required("rabbitmq:uri"));
        var queue = builder.Configuration["audit:queue"] is { Length: > 0 } named ? named : Queue;
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
                rabbit.Host(broker);
                rabbit.ReceiveEndpoint(queue, endpoint => Configure(endpoint, context));
            });
        });
        return builder;
    }

    private static void Configure(IRabbitMqReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = MostMessages * (BatchesAtOnce + 1);
        endpoint.ConfigureConsumeTopology = false;
        endpoint.Bind(Exchange, binding =>
        {
            binding.ExchangeType = ExchangeType.Topic;
            binding.RoutingKey = "#";
        });
        endpoint.ConfigureChannel(channel => channel.UseFilter(new GatherAcks()));
        endpoint.ClearSerialization();
        var serialization = new BusMessageSerialization();
        endpoint.AddDeserializer(serialization, isDefault: true);
        endpoint.AddSerializer(serialization);
        endpoint.ConfigureConsumer<StoreBatch>(context, consumer => consumer.Options<BatchOptions>(batch => batch
            .SetMessageLimit(MostMessages)
            .SetTimeLimit(LongestGathering)
            .SetConcurrencyLimit(BatchesAtOnce)));

        // One delivery is handed on at a time, as none is waited for.
        endpoint.ConcurrentMessageLimit = 1;
    }
}
