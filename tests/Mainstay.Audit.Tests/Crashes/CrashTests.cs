using Dapper;
using Mainstay.Testing;
using Npgsql;
using RabbitMQ.Client;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace Mainstay.Audit.Tests.Crashes;

public sealed class CrashTests
{
    private const int Count = 4000;

    private readonly string queue = $"mainstay.audit.test.{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AtRandomPointsUnderLoad_LosesNothingAndStoresNothingTwice()
    {
        await using var postgres = new PostgresFixture();
        var settings = await PostgresFixture.SettingsAsync(postgres.ReserveDatabase());
        await using var database = NpgsqlDataSource.Create(settings);
        var broker = await TestServers.RabbitMqAsync();
        await using var service = await PrepareAsync(settings, broker);
        await service.StartAsync(Cancellation);
        var producer = new Producer(broker, queue, Count);
        var producing = producer.RunAsync(Cancellation);

        for (var kill = 1; kill <= 3; kill++)
        {
            var until = (Count * kill / 5) + Random.Shared.Next(Count / 10);
            await Trail.ReachesAsync(database, producer, until, Cancellation);
            await service.KillAsync();
            await service.StartAsync(Cancellation);
        }

        await producing;
        await Trail.ReachesAsync(database, producer, Count, Cancellation);
        await Trail.HoldsAsync(database, producer, Cancellation);
        await DeleteQueueAsync(broker);
    }

    [Fact]
    public async Task Broker_RestartedUnderLoad_LosesNothingAndStoresNothingTwice()
    {
        await using var container = new RabbitMqBuilder().Build();
        await container.StartAsync(Cancellation);
        var broker = new Uri(container.GetConnectionString());
        await using var postgres = new PostgresFixture();
        var settings = await PostgresFixture.SettingsAsync(postgres.ReserveDatabase());
        await using var database = NpgsqlDataSource.Create(settings);
        await using var service = await PrepareAsync(settings, broker);
        await service.StartAsync(Cancellation);
        var producer = new Producer(broker, queue, Count);
        var producing = producer.RunAsync(Cancellation);

        await Trail.ReachesAsync(database, producer, Count / 4, Cancellation);
        await container.StopAsync(Cancellation);
        await container.StartAsync(Cancellation);

        await producing;
        await Trail.ReachesAsync(database, producer, Count, Cancellation);
        await Trail.HoldsAsync(database, producer, Cancellation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Postgres_RestartedUnderLoad_LosesNothingAndStoresNothingTwice(bool isCrash)
    {
        // What it says is committed must be, or it is not the service that loses.
        await using var container = new PostgreSqlBuilder().WithCommand("-c", "fsync=on", "-c", "synchronous_commit=on").Build();
        await container.StartAsync(Cancellation);
        var settings = new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Database = "audit" };
        var broker = await TestServers.RabbitMqAsync();
        await using var database = NpgsqlDataSource.Create(settings);
        await using var service = await PrepareAsync(settings, broker);
        await service.StartAsync(Cancellation);
        var producer = new Producer(broker, queue, Count);
        var producing = producer.RunAsync(Cancellation);

        await Trail.ReachesAsync(database, producer, Count / 4, Cancellation);
        if (isCrash)
        {
            await CrashAsync(database);
        }
        else
        {
            await container.StopAsync(Cancellation);
            await container.StartAsync(Cancellation);
        }

        await producing;
        await Trail.ReachesAsync(database, producer, Count, Cancellation);
        await Trail.HoldsAsync(database, producer, Cancellation);
        await DeleteQueueAsync(broker);
    }

    // The death of one of its processes makes PostgreSQL end the others and recover from its log.
    private static async Task CrashAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.ExecuteAsync("copy (select 1) to program 'kill -9 $PPID'"));
    }

    private Task<ServiceProcess> PrepareAsync(NpgsqlConnectionStringBuilder database, Uri broker) =>
        ServiceProcess.PrepareAsync("Mainstay.Audit", "audit", database, broker, $"audit: {{ queue: {queue} }}", Cancellation);

    private async Task DeleteQueueAsync(Uri broker)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        await channel.ExchangeDeleteAsync(queue, cancellationToken: Cancellation);
    }
}
