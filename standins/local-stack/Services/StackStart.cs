using System.Diagnostics;
using System.Text.Json;
using Mainstay.LocalStack.Auth;
using Mainstay.LocalStack.Dependencies;
using Mainstay.LocalStack.Processes;

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

    /// <summary>Starts the Temporal server alone; without a database it gets one in a PostgreSQL of its own.</summary>
    public async Task RunTemporalAsync(string? address, string? @namespace, string? database, CancellationToken cancellationToken)
    {
        var (serves, given) = (address is null ? null : TemporalSettings.ReadAddress(address), database is null ? null : TemporalSettings.ReadDatabase(database));
        using var alone = StackLock.Take(directory, "Another command is starting or stopping this server; wait for it to end.");
        await CleanUpAsync();
        given ??= TemporalSettings.DatabaseIn(await new LocalPostgres(directory, processes).StartAsync(cancellationToken));
        serves ??= $"127.0.0.1:{PortPlan.ChooseTemporal(options)}";
        await StartTemporalAsync(new(serves, @namespace ?? TemporalSettings.DefaultNamespace, given), cancellationToken);
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
        await StartTemporalAsync(new($"127.0.0.1:{ports.Temporal}", TemporalSettings.DefaultNamespace, TemporalSettings.DatabaseIn(postgres)), cancellationToken);
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

    private Task StartTemporalAsync(TemporalSettings temporal, CancellationToken cancellationToken)
    {
        // Who serves on every address of the machine answers on this one.
        var probed = temporal.Address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        return StartProcessAsync(ServiceLaunch.TemporalServer(temporal), temporal.Address, token => HealthProbe.IsServingAsync(probed, token), cancellationToken);
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
