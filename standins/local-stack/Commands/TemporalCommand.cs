using Mainstay.LocalStack.Services;

namespace Mainstay.LocalStack.Commands;

/// <summary>Runs the embedded Temporal server alone, on the database that is given or a PostgreSQL of its own, until it is told to stop.</summary>
internal static class TemporalCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.RequireKnown("address", "database", "free-ports", "namespace");
        var directory = new RunDirectory(Path.Combine(Repository.Root, ".run", "temporal-alone"));
        var stack = new StackStart(directory, new()
        {
            FreePorts = arguments.Has("free-ports"),
            Settings = arguments.Settings,
            Progress = Console.WriteLine,
        });
        try
        {
            await stack.RunTemporalAsync(arguments.Value("address"), arguments.Value("namespace"), arguments.Value("database"), cancellationToken);
            using var registration = Supervisor.Register(directory);
            Console.WriteLine("Ctrl-C stops it.");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopping");
        }
        finally
        {
            await new StackStop(directory, Console.WriteLine).RunAsync(wipe: false);
        }

        return 0;
    }
}
