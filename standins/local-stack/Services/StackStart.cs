using System.Diagnostics;
using System.Text.Json;
using Mainstay.LocalStack.Auth;
using Mainstay.LocalStack.Dependencies;
using Mainstay.LocalStack.Processes;
using Npgsql;

namespace Mainstay.LocalStack.Services;

/// <summary>Brings a stack up in order: PostgreSQL and RabbitMQ, Temporal, the services.</summary>
internal sealed class StackStart(RunDirectory directory, LocalStackOptions options)
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(2);
    private readonly ProcessTable processes = new(directory);
    private readonly SigningKey signingKey = new(directory);

    /// <summary>Starts everything; on any failure nothing stays running.</summary>
    public async Task<Endpoints> RunAsync(CancellationToken cancellationToken)
    {
        using var alone = StackLock.Take(directory, "Another command is starting or stopping this stack; wait for it to end.");
        await CleanUpAsync();
        try
        {
            return await StartAsync(cancellationToken);
        }
        catch
        {
            await new StackStop(directory, options.Progress).RunAsync(wipe: false);
            throw;
        }
    }

    /// <summary>Starts the Temporal server alone, with the PostgreSQL that it needs.</summary>
    public async Task RunTemporalAsync(CancellationToken cancellationToken)
    {
        using var alone = StackLock.Take(directory, "Another command is starting or stopping this server; wait for it to end.");
        await CleanUpAsync();
        var postgres = await new LocalPostgres(directory, processes).StartAsync(cancellationToken);
        await StartTemporalAsync(postgres, PortPlan.ChooseTemporal(options), cancellationToken);
    }

    /// <summary>Starts one service again and waits until it is healthy.</summary>
    public async Task RestartAsync(ServiceDefinition service, CancellationToken cancellationToken)
    {
        using var alone = StackLock.Take(directory, "Another command is starting or stopping this stack; wait for it to end.");
        var state = StackState.Load(directory);
        await processes.StopAsync(service.Name);
        await StartServiceAsync(service, Launch(state), state.Ports, cancellationToken);
    }

    private async Task CleanUpAsync()
    {
        var names = processes.Names();
        if (names.Count == 0)
        {
            return;
        }

        if (Supervisor.IsRunning(directory) || (File.Exists(directory.Endpoints) && names.All(name => processes.Find(name) is not null)))
        {
            throw new LocalStackException("This stack is running already: './build.sh status' shows it, './build.sh down' stops it.");
        }

        options.Progress($"Cleaning up what an earlier run left behind: {string.Join(", ", names)}");
        await new StackStop(directory, options.Progress).RunAsync(wipe: false);
    }

    private async Task<Endpoints> StartAsync(CancellationToken cancellationToken)
    {
        var ports = PortPlan.Choose(options);
        signingKey.Ensure();
        var (postgres, rabbitMq) = await new StackDependencies(directory, processes, options.Progress).StartAsync(cancellationToken);
        var state = new StackState(postgres.ConnectionString, rabbitMq, ports, options.Settings, options.Environment);
        state.Save(directory);

        var launch = Launch(state);
        await StartTemporalAsync(postgres, ports.Temporal, cancellationToken);
        await Task.WhenAll(ServiceDefinition.All.Select(service => StartServiceAsync(service, launch, ports, cancellationToken)));

        var endpoints = new Endpoints
        {
            Postgres = $"{postgres.Host}:{postgres.Port}",
            Rabbitmq = $"{rabbitMq.Host}:{rabbitMq.Port}",
            Temporal = $"127.0.0.1:{ports.Temporal}",
            Services = ports.Services.ToDictionary(
                service => service.Key,
                service => new ServiceEndpoint($"http://127.0.0.1:{service.Value.Grpc}", $"http://127.0.0.1:{service.Value.Http}")),
        };
        RunDirectory.WriteSecret(directory.Endpoints, JsonSerializer.Serialize(endpoints, Endpoints.Json));
        return endpoints;
    }

    private async Task StartTemporalAsync(NpgsqlConnectionStringBuilder postgres, int port, CancellationToken cancellationToken)
    {
        await PostgresProbe.EnsureDatabaseAsync(postgres, ServiceLaunch.Temporal, cancellationToken);
        var address = $"127.0.0.1:{port}";
        await StartProcessAsync(ServiceLaunch.TemporalServer(postgres, port), address, token => HealthProbe.IsServingAsync(address, token), cancellationToken);
    }

    private Task StartServiceAsync(ServiceDefinition service, ServiceLaunch launch, PortPlan ports, CancellationToken cancellationToken)
    {
        var (grpc, http) = ports.Services[service.Name];
        return StartProcessAsync(launch.Service(service), $"127.0.0.1:{grpc}", token => HealthProbe.IsReadyAsync(http, token), cancellationToken);
    }

    private async Task StartProcessAsync(LaunchSpec spec, string address, Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        if (!File.Exists(spec.Command[1]))
        {
            throw new LocalStackException($"{spec.Name} is not built: './build.sh build' builds it.");
        }

        var started = Stopwatch.GetTimestamp();
        await processes.StartAsync(spec, cancellationToken);
        var ready = await Poll.TryUntilAsync(
            async token => processes.Find(spec.Name) is null || await isReady(token), ReadyTimeout, cancellationToken);
        if (processes.Find(spec.Name) is null)
        {
            throw new LocalStackException($"{spec.Name} ended before it was ready. {processes.LastLines(spec.Name)}");
        }

        if (!ready)
        {
            throw new LocalStackException($"{spec.Name} was not ready within {ReadyTimeout.TotalSeconds:0} s. {processes.LastLines(spec.Name)}");
        }

        options.Progress($"  {spec.Name,-13} ready on {address} ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
    }

    private ServiceLaunch Launch(StackState state) => new(directory, signingKey, new(directory, new(signingKey, TimeProvider.System)), state);
}
