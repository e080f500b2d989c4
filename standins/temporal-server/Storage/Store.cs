using System.Reflection;
using Npgsql;

namespace Mainstay.TemporalServer.Storage;

/// <summary>The server's PostgreSQL database: opened by one server at a time, under a lease that every write carries.</summary>
internal sealed partial class Store : IAsyncDisposable
{
    // Any number, so long as no other program takes an advisory lock of the same one in this database.
    private const long LeaseKey = 7233;

    // Prepared once, while the tables are empty: without this the plans would stay those of empty tables.
    private const string WriterPlans = "-c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    private readonly string connectionString;
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlDataSource writing;
    private readonly long epoch;
    private readonly Task writer;
    private readonly Task keeper;

    private Store(string connectionString, NpgsqlDataSource source, NpgsqlConnection lease, long epoch, Guid clusterId)
    {
        (this.connectionString, this.source, this.epoch, ClusterId) = (connectionString, source, epoch, clusterId);
        writing = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 16, AutoPrepareMinUsages = 1, NoResetOnClose = true, Options = WriterPlans });
        writer = Task.Run(WriteAsync);
        keeper = Task.Run(() => KeepLeaseAsync(lease));
    }

    /// <summary>Names the database for as long as it lives.</summary>
    public Guid ClusterId { get; }

    /// <summary>Creates the database if it is missing, waits for the lease and brings the schema up to date.</summary>
    public static async Task<Store> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        await CreateDatabaseAsync(connectionString, cancellationToken);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 64 };
        var source = NpgsqlDataSource.Create(settings);
        var lease = await TakeLeaseAsync(connectionString, cancellationToken);
        await MigrateAsync(lease, cancellationToken);
        await using var next = new NpgsqlCommand("update server_lease set epoch = epoch + 1 returning epoch, cluster_id", lease);
        await using var owner = await next.ExecuteReaderAsync(cancellationToken);
        await owner.ReadAsync(cancellationToken);
        var (epoch, clusterId) = (owner.GetInt64(0), owner.GetGuid(1));
        await owner.CloseAsync();
        return new Store(connectionString, source, lease, epoch, clusterId);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        writes.Writer.TryComplete();
        await writer;
        await closing.CancelAsync();
        await keeper;
        await writing.DisposeAsync();
        await source.DisposeAsync();
        closing.Dispose();
    }

    private static async Task CreateDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var name = target.Database ?? throw new ArgumentException("The connection string names no database.");
        target.Database = "postgres";
        target.Pooling = false;
        await using var connection = new NpgsqlConnection(target.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await find.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"create database \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var prepare = new NpgsqlCommand("create table if not exists schema_version (name text primary key)", connection))
        {
            await prepare.ExecuteNonQueryAsync(cancellationToken);
        }

        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var script = await reader.ReadToEndAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var mark = new NpgsqlCommand("insert into schema_version (name) values ($1) on conflict do nothing", connection, transaction) { Parameters = { new() { Value = name } } };
            if (await mark.ExecuteNonQueryAsync(cancellationToken) == 1)
            {
                await using var migrate = new NpgsqlCommand(script, connection, transaction);
                await migrate.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }
}
