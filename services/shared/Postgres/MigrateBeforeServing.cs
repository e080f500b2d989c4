using Microsoft.Extensions.Hosting;

namespace Mainstay.ServiceDefaults.Postgres;

/// <summary>Prepares the database before the service listens.</summary>
internal sealed class MigrateBeforeServing(PrepareDatabase prepareDatabase) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => prepareDatabase.ExecuteAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
