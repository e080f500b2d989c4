using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;
using Npgsql;
using RabbitMQ.Client;
using Testcontainers.PostgreSql;

namespace Mainstay.Audit.Tests.Crashes;

/// <summary>The service in a process of its own, under load, with a sink to which it forwards what it stores.</summary>
internal sealed class CrashScene : IAsyncDisposable
{
    /// <summary>One such test at a time: each brings processes of its own, and a machine that starts many at once is slow in all of them.</summary>
    public const string Collection = "crashes";

    /// <summary>How many events are under way.</summary>
    public const int Count = 4000;

    private readonly string queue = $"mainstay.audit.test.{Guid.CreateVersion7():n}";
    private readonly DatadogIntake intake = new();
    private readonly Uri broker;
    private readonly Producer producer;
    private Task producing = Task.CompletedTask;

    private CrashScene(NpgsqlConnectionStringBuilder settings, Uri broker)
    {
        this.broker = broker;
        Database = NpgsqlDataSource.Create(settings);
        producer = new Producer(broker, queue, Count);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ServiceProcess Service { get; private set; } = null!;

    public NpgsqlDataSource Database { get; }

    /// <summary>A PostgreSQL of the test's own, not yet started; what it says is committed is, or it would not be the service that loses.</summary>
    public static PostgreSqlContainer DurablePostgres() => new PostgreSqlBuilder().WithCommand("-c", "fsync=on", "-c", "synchronous_commit=on").Build();

    /// <summary>Starts a PostgreSQL, the service on it, and to publish.</summary>
    public static async Task<CrashScene> StartAsync(PostgreSqlContainer postgres)
    {
        await postgres.StartAsync(Cancellation);
        return await StartAsync(new NpgsqlConnectionStringBuilder(postgres.GetConnectionString()) { Database = "audit" }, await TestServers.RabbitMqAsync());
    }

    /// <summary>Starts the service, and to publish.</summary>
    public static async Task<CrashScene> StartAsync(NpgsqlConnectionStringBuilder settings, Uri broker)
    {
        var scene = new CrashScene(settings, broker);
        await scene.intake.StartAsync(Cancellation);
        var sink = string.Join(", ", scene.intake.Settings.Select(setting => $"{setting.Key}: \"{setting.Value}\""));
        scene.Service = await ServiceProcess.PrepareAsync(
            "Mainstay.Audit",
            "audit",
            settings,
            broker,
            $$"""audit: { queue: {{scene.queue}}, sinks: [{ name: intake, type: datadog, {{sink}}, longest_backoff: 2s, include: { workflow_id: [{{scene.producer.Workflow}}] } }] }""",
            Cancellation);
        await scene.Service.StartAsync(Cancellation);
        scene.producing = scene.producer.RunAsync(Cancellation);
        return scene;
    }

    /// <summary>Waits until a number of the events is stored.</summary>
    public Task StoresAsync(int count) => Trail.ReachesAsync(Database, producer, count, Cancellation);

    /// <summary>Holds the service to what it promises: each event is stored once, the chain verifies, and the sink has every event, in the order of the trail.</summary>
    public async Task EndsWellAsync()
    {
        await producing;
        await StoresAsync(Count);
        await Trail.HoldsAsync(Database, producer, Cancellation);
        await Eventually.TrueAsync(() => intake.Taken.Count >= Count && intake.Ids.Count >= Count, Cancellation);
        Assert.Equal(await Trail.IdsAsync(Database, producer, Cancellation), intake.Ids);
        Assert.Empty(intake.Refusals);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
        await intake.DisposeAsync();
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        await channel.ExchangeDeleteAsync(queue, cancellationToken: Cancellation);
    }
}
