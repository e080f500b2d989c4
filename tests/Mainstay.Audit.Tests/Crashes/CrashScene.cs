using System.Text.Json.Nodes;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;
using Npgsql;
using RabbitMQ.Client;
using Testcontainers.PostgreSql;

namespace Mainstay.Audit.Tests.Crashes;

/// <summary>The service in a process of its own, under load, with sinks of several kinds to which it forwards what it stores.</summary>
internal sealed class CrashScene : IAsyncDisposable
{
    /// <summary>One such test at a time: each brings processes of its own, and a machine that starts many at once is slow in all of them.</summary>
    public const string Collection = "crashes";

    /// <summary>How many events are under way.</summary>
    public const int Count = 4000;

    private readonly string queue = $"mainstay.audit.test.{Guid.CreateVersion7():n}";
    private readonly StubServer[] receivers = [new DatadogIntake(), new SplunkCollector(), new WebhookReceiver()];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mainstay-crash-");
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

    private string FilePath => Path.Combine(folder.FullName, "audit.jsonl");

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
        var sinks = new List<string> { scene.Sink("file", [("path", scene.FilePath)]) };
        foreach (var receiver in scene.receivers)
        {
            await receiver.StartAsync(Cancellation);
            sinks.Add(scene.Sink(receiver.Type.Type, receiver.Settings));
        }

        scene.Service = await ServiceProcess.PrepareAsync(
            "Mainstay.Audit", "audit", settings, broker, $$"""audit: { queue: {{scene.queue}}, sinks: [{{string.Join(", ", sinks)}}] }""", Cancellation);
        await scene.Service.StartAsync(Cancellation);
        scene.producing = scene.producer.RunAsync(Cancellation);
        return scene;
    }

    /// <summary>Waits until a number of the events is stored.</summary>
    public Task StoresAsync(int count) => Trail.ReachesAsync(Database, producer, count, Cancellation);

    /// <summary>Holds the service to what it promises: each event is stored once, the chain verifies, and every sink has every event, in the order of the trail.</summary>
    public async Task EndsWellAsync()
    {
        await producing;
        await StoresAsync(Count);
        await Trail.HoldsAsync(Database, producer, Cancellation);
        var ids = await Trail.IdsAsync(Database, producer, Cancellation);
        foreach (var receiver in receivers)
        {
            await Eventually.TrueAsync(() => receiver.Taken.Count >= Count && receiver.Ids.Count >= Count, Cancellation);
            Assert.Equal(ids, receiver.Ids);
            Assert.Empty(receiver.Refusals);
        }

        await Eventually.TrueAsync(() => FiledIds().Count >= Count, Cancellation);
        Assert.Equal(ids, FiledIds());
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
        foreach (var receiver in receivers)
        {
            await receiver.DisposeAsync();
        }

        folder.Delete(recursive: true);
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        await channel.ExchangeDeleteAsync(queue, cancellationToken: Cancellation);
    }

    private string Sink(string type, IReadOnlyList<(string Key, string Value)> settings) =>
        $$"""{ name: {{type}}, type: {{type}}, {{string.Join(", ", settings.Select(one => $"{one.Key}: \"{one.Value}\""))}}, longest_backoff: 2s, include: { workflow_id: [{{producer.Workflow}}] } }""";

    // A line that is still being written does not count yet.
    private List<string> FiledIds() =>
        File.Exists(FilePath) ? [.. File.ReadAllText(FilePath).Split('\n')[..^1].Select(line => (string)JsonNode.Parse(line)!["event_id"]!).Distinct()] : [];
}
