using Mainstay.Benchmarks.Harness;
using Mainstay.BusContracts;
using Mainstay.Testing;
using Npgsql;

namespace Mainstay.Benchmarks.Audit;

/// <summary>An audit service in a process of its own, with a database and a queue of its own.</summary>
internal sealed class AuditInstance(ServiceProcess service, NpgsqlDataSource database, Uri broker, string queue) : IAsyncDisposable
{
    public ServiceProcess Service => service;

    public NpgsqlDataSource Database => database;

    /// <summary>Starts a service; its database and queue are called by its name.</summary>
    public static async Task<AuditInstance> StartAsync(PrivatePostgres postgres, Uri broker, string name, string moreAudit, CancellationToken cancellationToken)
    {
        var settings = postgres.Settings(name);
        var service = await ServiceProcess.PrepareAsync("Mainstay.Audit", "audit", settings, broker, $"audit: {{ queue: bench.{name}{moreAudit} }}", cancellationToken);
        await service.StartAsync(cancellationToken);
        return new(service, NpgsqlDataSource.Create(settings), broker, $"bench.{name}");
    }

    /// <summary>Puts events into the service's queue.</summary>
    public async Task PublishAsync(IEnumerable<AuditEvent> events, CancellationToken cancellationToken)
    {
        await using var publisher = await OpenPublisherAsync(cancellationToken);
        await publisher.PublishAsync(events, cancellationToken);
    }

    public Task<Publisher> OpenPublisherAsync(CancellationToken cancellationToken) => Publisher.OpenAsync(broker, queue, cancellationToken);

    /// <summary>How many events are committed.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select sequence from chain_head");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await database.DisposeAsync();
    }
}
