using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Temporalio.Extensions.Hosting;

/// <summary>Runs a worker as long as its host runs.</summary>
public class TemporalWorkerService : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Func<Task<ITemporalClient>> connect;
    private readonly TemporalWorkerOptions options;

    public TemporalWorkerService(TemporalWorkerServiceOptions options)
        : this(options.ClientOptions ?? throw new ArgumentException("Client options must be set", nameof(options)), options)
    {
    }

    public TemporalWorkerService(TemporalClientConnectOptions clientOptions, TemporalWorkerOptions workerOptions)
    {
        connect = async () => await TemporalClient.ConnectAsync(clientOptions).ConfigureAwait(false);
        options = workerOptions;
    }

    public TemporalWorkerService(ITemporalClient client, TemporalWorkerOptions workerOptions)
    {
        connect = () => Task.FromResult(client);
        options = workerOptions;
    }

    [Microsoft.Extensions.DependencyInjection.ActivatorUtilitiesConstructor]
    public TemporalWorkerService(
        TemporalWorkerServiceIdentifier serviceId,
        IOptionsMonitor<TemporalWorkerServiceOptions> optionsMonitor,
        ITemporalClient? existingClient = null,
        ILoggerFactory? loggerFactory = null)
    {
        var workerOptions = (TemporalWorkerServiceOptions)optionsMonitor.Get(serviceId.OptionsName).Clone();
        workerOptions.LoggerFactory ??= loggerFactory;
        options = workerOptions;
        if (workerOptions.ClientOptions is { } clientOptions)
        {
            clientOptions.LoggerFactory = loggerFactory ?? clientOptions.LoggerFactory;
            connect = async () => await TemporalClient.ConnectAsync(clientOptions).ConfigureAwait(false);
        }
        else
        {
            var client = existingClient ?? throw new InvalidOperationException("Cannot start worker service: no client is registered and no client options are set");
            connect = () => Task.FromResult(client);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var client = await connect().ConfigureAwait(false);
        using var worker = new TemporalWorker(client, options);
        try
        {
            await ReachAsync(client, stoppingToken).ConfigureAwait(false);
            await worker.ExecuteAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: the worker has drained.
        }
    }

    // A host that starts before its server, or while that one restarts, waits for it.
    private static async Task ReachAsync(ITemporalClient client, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await client.Connection.ConnectAsync().ConfigureAwait(false);
                return;
            }
            catch (InvalidOperationException e) when (e.InnerException is Exceptions.RpcException)
            {
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(false);
            }
        }
    }
}
