using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using Dapper;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using BusEvent = Mainstay.BusContracts.AuditEvent;

namespace Mainstay.Audit.Tests.Sinks;

/// <summary>A trail of its own, without a service: what sinks read, and what they leave behind.</summary>
internal sealed class TrailDatabase : IAsyncDisposable
{
    private readonly PostgresFixture postgres;
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private TrailDatabase(PostgresFixture postgres, NpgsqlDataSource database)
    {
        this.postgres = postgres;
        Database = database;
        Holds = new SinkHolds(new AuditOutbox(), TimeProvider.System);
    }

    public NpgsqlDataSource Database { get; }

    public SinkHolds Holds { get; }

    public SinkStore Store { get; } = new(TimeProvider.System);

    /// <summary>Makes a trail with the tables of today, or with those of the first migrations.</summary>
    public static async Task<TrailDatabase> CreateAsync(CancellationToken cancellationToken, Func<string, bool>? withMigration = null)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var postgres = new PostgresFixture();
        var trail = new TrailDatabase(postgres, await postgres.CreateDatabaseAsync(cancellationToken));
        await trail.MigrateAsync(withMigration ?? (_ => true), cancellationToken);
        return trail;
    }

    /// <summary>Applies migrations, in their order.</summary>
    public async Task MigrateAsync(Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        foreach (var assembly in (Assembly[])[typeof(AuditOutbox).Assembly, typeof(AuditApplication).Assembly])
        {
            foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal) && isWanted(name)).Order(StringComparer.Ordinal))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                await ExecuteAsync(await reader.ReadToEndAsync(cancellationToken), cancellationToken);
            }
        }
    }

    /// <summary>Reads a sink as the service reads its configuration.</summary>
    public static ConfiguredSink Configure(ISinkType type, params (string Key, string Value)[] settings) => Configure(type, TimeProvider.System, settings);

    /// <summary>The same for a clock of the test's.</summary>
    public static ConfiguredSink Configure(ISinkType type, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["audit:sinks:0:name"] = "sink", ["audit:sinks:0:type"] = type.Type };
        foreach (var (key, value) in settings)
        {
            values[$"audit:sinks:0:{key}"] = value;
        }

        return ReadSinks.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), [type])[0](clock);
    }

    /// <summary>Appends events to the trail; returns their ids in order.</summary>
    public async Task<IReadOnlyList<string>> AppendAsync(IEnumerable<BusEvent> events, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        foreach (var chunk in events.Chunk(500))
        {
            var incoming = chunk.Select(one => IncomingEvent.TryRead(JsonSerializer.SerializeToUtf8Bytes(one), out var read, out var reason)
                ? read!
                : throw new ArgumentException(reason)).ToList();
            await new AppendEvents(Database, new AuditPartitions(), TimeProvider.System).ExecuteAsync(incoming, [], cancellationToken);
            ids.AddRange(chunk.Select(one => one.EventId));
        }

        return ids;
    }

    /// <summary>Appends a number of plain events of today.</summary>
    public Task<IReadOnlyList<string>> AppendAsync(int count, CancellationToken cancellationToken) =>
        AppendAsync(Enumerable.Range(0, count).Select(i => NewEvent($"step_{i}")), cancellationToken);

    /// <summary>An event of today.</summary>
    public static BusEvent NewEvent(string action = "tool_call", string result = "success") =>
        AuditFixture.NewEvent("workflow", action, result) with { Timestamp = TimeProvider.System.GetUtcNow() };

    /// <summary>Runs a sink until it is disposed of.</summary>
    public RunningSink Run(ConfiguredSink sink, TimeProvider? clock = null) => new(sink, stop => RunAsync(sink, stop, clock));

    /// <summary>Runs a sink until it is told to stop.</summary>
    public Task RunAsync(ConfiguredSink sink, CancellationToken stop, TimeProvider? clock = null) => new SinkRunner(
        sink,
        clock is null ? Store : new SinkStore(clock),
        Holds,
        new SinkTelemetry(services.GetRequiredService<IMeterFactory>()),
        Database,
        clock ?? TimeProvider.System,
        NullLogger<SinkRunner>.Instance).RunAsync(stop);

    /// <summary>A value of the sink's row.</summary>
    public Task<T?> StateAsync<T>(string column, CancellationToken cancellationToken) => ScalarAsync<T>($"select {column} from sink_state", cancellationToken);

    /// <summary>What a statement gives.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await Database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, cancellationToken: cancellationToken));
    }

    /// <summary>Waits until the sink is done with everything.</summary>
    public Task DrainedAsync(CancellationToken cancellationToken) => Eventually.TrueAsync(
        async () => await StateAsync<bool?>("sequence = (select max(sequence) from audit_event)", cancellationToken) == true, cancellationToken);

    /// <summary>The dead letters' ids and reasons, in the order of the trail.</summary>
    public async Task<IReadOnlyList<(string EventId, string Reason)>> DeadLettersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<(string, string)>(new CommandDefinition(
            "select event_id, reason from sink_dead_letter order by sequence", cancellationToken: cancellationToken))).AsList();
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Database.DisposeAsync();
        await postgres.DisposeAsync();
    }
}

/// <summary>A sink that runs.</summary>
internal sealed class RunningSink : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConfiguredSink sink;
    private readonly Task running;

    public RunningSink(ConfiguredSink sink, Func<CancellationToken, Task> run)
    {
        this.sink = sink;
        running = run(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sink.DisposeAsync();
        stop.Dispose();
    }
}
