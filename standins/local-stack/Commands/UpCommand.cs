using Mainstay.LocalStack.Processes;
using Mainstay.LocalStack.Services;

namespace Mainstay.LocalStack.Commands;

/// <summary>Starts everything, and stays until it is told to stop unless detached.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(3650);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.RequireKnown("detach", "free-ports");
        var options = new LocalStackOptions { FreePorts = arguments.Has("free-ports"), Settings = arguments.Settings, Progress = Console.WriteLine };

        Console.WriteLine("Starting Mainstay");
        var environment = await LocalEnvironment.StartAsync(options, cancellationToken);
        Console.WriteLine($"All are healthy. Addresses: {Path.Combine(options.RunDirectory, "endpoints.json")}; logs: {Path.Combine(options.RunDirectory, "logs")}");
        if (!arguments.Has("detach"))
        {
            await StayAsync(options, environment, cancellationToken);
        }

        return 0;
    }

    private static async Task StayAsync(LocalStackOptions options, LocalEnvironment environment, CancellationToken cancellationToken)
    {
        var directory = new RunDirectory(options.RunDirectory);
        var processes = new ProcessTable(directory);
        using var registration = Supervisor.Register(directory);
        Console.WriteLine("Ctrl-C stops everything.");
        try
        {
            var ended = new HashSet<string>();
            await Poll.TryUntilAsync(
                () =>
                {
                    Report(processes, ended);
                    return processes.Names().Count == 0;
                },
                Forever,
                cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopping");
        }

        await environment.DisposeAsync();
    }

    // Says once of each process that it ended, and takes note when it is back.
    private static void Report(ProcessTable processes, HashSet<string> ended)
    {
        foreach (var name in processes.Names())
        {
            if (processes.Find(name) is not null)
            {
                ended.Remove(name);
            }
            else if (ended.Add(name))
            {
                Console.WriteLine($"  {name} has ended; its log is {Path.Combine("logs", name + ".log")}.");
            }
        }
    }
}
