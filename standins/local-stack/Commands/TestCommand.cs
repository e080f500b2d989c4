using Mainstay.LocalStack.Dependencies;
using Mainstay.LocalStack.Processes;
using Mainstay.LocalStack.Testing;

namespace Mainstay.LocalStack.Commands;

/// <summary>Runs every test of the solution on one private PostgreSQL and one private RabbitMQ.</summary>
internal static class TestCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.RequireKnown("filter");
        await DebianPackages.EnsureAsync(DebianPackages.All, cancellationToken);

        var directory = new RunDirectory(Path.Combine(Repository.Root, ".run", "test"));
        using var alone = StackLock.Take(directory, "Tests are running already.");
        var processes = new ProcessTable(directory);
        await processes.StopAllAsync();
        try
        {
            Console.WriteLine("Starting PostgreSQL and RabbitMQ for the tests");
            var postgres = new LocalPostgres(directory, processes) { Forgetful = true }.StartAsync(cancellationToken);
            var rabbitMq = new LocalRabbitMq(directory, processes).StartAsync(cancellationToken);

            // Both, even when one fails: what is still starting cannot be stopped.
            await Task.WhenAll(postgres, rabbitMq);
            var environment = new Dictionary<string, string>
            {
                ["MAINSTAY_TEST_POSTGRES"] = (await postgres).ConnectionString,
                ["MAINSTAY_TEST_RABBITMQ"] = (await rabbitMq).ToString(),
            };

            var total = await RunProjectsAsync(arguments.Value("filter"), environment, cancellationToken);
            foreach (var test in total.FailedTests)
            {
                Console.WriteLine($"  failed: {test}");
            }

            Console.WriteLine($"Tests: {total.Passed} passed, {total.Failed} failed");
            return total is { Passed: > 0, Failed: 0 } ? 0 : 1;
        }
        finally
        {
            await processes.StopAllAsync();
        }
    }

    private static async Task<TrxSummary> RunProjectsAsync(
        string? filter, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var total = new TrxSummary(0, 0, []);
        var gate = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(TestProject.In(Repository.Root), parallel, async (project, token) =>
        {
            var summary = await project.RunAsync(filter, environment, token);
            lock (gate)
            {
                total += summary;
            }
        });
        return total;
    }
}
