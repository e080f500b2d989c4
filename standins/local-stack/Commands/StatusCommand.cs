using Mainstay.LocalStack.Dependencies;
using Mainstay.LocalStack.Processes;
using Mainstay.LocalStack.Services;
using Npgsql;

namespace Mainstay.LocalStack.Commands;

/// <summary>Says what runs and where; ends with 1 when something does not.</summary>
internal static class StatusCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.RequireKnown();
        var directory = new RunDirectory(new LocalStackOptions().RunDirectory);
        var processes = new ProcessTable(directory);
        var names = processes.Names();
        if (names.Count == 0)
        {
            Console.WriteLine("Nothing is running; './build.sh up' starts it.");
            return 1;
        }

        var healthy = true;
        var running = File.Exists(directory.Endpoints) ? StackState.Load(directory) : null;
        var ports = running?.Ports;
        foreach (var name in names)
        {
            var stat = processes.Find(name);
            var state = stat is null ? "ended" : await DescribeAsync(name, ports, cancellationToken);
            healthy &= state is "running" or "healthy";
            Console.WriteLine($"  {name,-13} {state,-10} {(stat is null ? "" : $"process {stat.Id}"),-15} {AddressOf(name, running)}");
        }

        return healthy ? 0 : 1;
    }

    private static async Task<string> DescribeAsync(string name, PortPlan? ports, CancellationToken cancellationToken)
    {
        if (ports is null)
        {
            return "starting";
        }

        if (ports.Services.TryGetValue(name, out var service))
        {
            return await HealthProbe.IsReadyAsync(service.Http, cancellationToken) ? "healthy" : "unready";
        }

        return name != ServiceLaunch.Temporal ? "running"
            : await HealthProbe.IsServingAsync($"127.0.0.1:{ports.Temporal}", cancellationToken) ? "healthy" : "unready";
    }

    private static string AddressOf(string name, StackState? state) => (name, state) switch
    {
        (_, null) => "",
        (ServiceLaunch.Temporal, _) => $"127.0.0.1:{state.Ports.Temporal}",
        (LocalRabbitMq.Name, _) => $"{state.RabbitMq.Host}:{state.RabbitMq.Port}",
        (LocalPostgres.Name, _) => new NpgsqlConnectionStringBuilder(state.PostgresConnection) is var postgres ? $"{postgres.Host}:{postgres.Port}" : "",
        _ => state.Ports.Services.TryGetValue(name, out var service) ? $"grpc 127.0.0.1:{service.Grpc}, http 127.0.0.1:{service.Http}" : "",
    };
}
