using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;
using Mainstay.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mainstay.ServiceDefaults.Tests.Outbox;

public sealed class OutboxRelayTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Relay_NoQueueBoundYet_KeepsTheEventUntilOneIs()
    {
        await using var database = await MigratedDatabaseAsync();
        await AppendAsync(database, "early");
        var state = new RelayState();
        var exchange = new AuditExchange($"test.{Guid.NewGuid():n}");
        using var relay = Relay(database, exchange, state, (await TestServers.RabbitMqAsync()).ToString());

        await relay.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => state.Problem.Contains("No queue is bound", StringComparison.Ordinal), Cancellation);
        await using var bus = await BusListener.StartAsync(exchange.Name, "#", Cancellation);
        var message = await bus.NextAsync(Cancellation);

        Assert.Equal("early", JsonSerializer.Deserialize<AuditEvent>(Encoding.UTF8.GetString(message.Body.Span))!.AgentId);
        await Eventually.TrueAsync(() => state.Problem.Length == 0, Cancellation);
        await relay.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Health_BrokerAway_IsDegradedAndSaysThatEventsWait()
    {
        await using var database = await MigratedDatabaseAsync();
        var state = new RelayState();
        using var relay = Relay(database, AuditExchange.Default, state, "amqp://127.0.0.1:1");

        await relay.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => state.Problem.Contains("does not answer", StringComparison.Ordinal), Cancellation);
        var result = await new RelayHealthCheck(state).CheckHealthAsync(new HealthCheckContext(), Cancellation);

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("wait in the outbox", result.Description, StringComparison.Ordinal);
        await relay.StopAsync(Cancellation);
    }

    private static OutboxRelay Relay(NpgsqlDataSource database, AuditExchange exchange, RelayState state, string broker) => new(
        database,
        new PublishOutbox(database, exchange, new OutboxTelemetry(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>())),
        state,
        new ConfigurationBuilder().AddInMemoryCollection([new("rabbitmq:uri", broker)]).Build(),
        TimeProvider.System,
        NullLogger<OutboxRelay>.Instance);

    private static async Task AppendAsync(NpgsqlDataSource database, string agent)
    {
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        await new AuditOutbox().AppendAsync(
            connection,
            null,
            new AuditEvent { EventId = AuditEvent.NewId(TimeProvider.System), Timestamp = TimeProvider.System.GetUtcNow(), Action = "probe_act", Result = "success", Service = "probe", AgentId = agent },
            Cancellation);
    }

    private async Task<NpgsqlDataSource> MigratedDatabaseAsync()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await new Migrator(database, NullLogger<Migrator>.Instance).MigrateAsync([.. Migration.Of(typeof(Migrator).Assembly)], Cancellation);
        return database;
    }
}
