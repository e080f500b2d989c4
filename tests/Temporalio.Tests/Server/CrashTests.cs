using System.Diagnostics;
using CrashWorker;
using Mainstay.Testing;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Tests.Server;

/// <summary>The server, the worker and both killed with SIGKILL while workflows are under way.</summary>
public sealed class CrashTests
{
    private const int Workflows = 300;
    private const int Kills = 9;

    [Fact]
    public async Task Workflows_ServerAndWorkerKilledAtRandomPoints_AllEndRightAndReplay()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await EmbeddedTemporal.StartAsync(cancellationToken);

        // However long a busy machine takes to start the server again.
        var patience = new RpcRetryOptions { MaxInterval = TimeSpan.FromSeconds(1), MaxElapsedTime = null, MaxRetries = int.MaxValue };
        var client = await TemporalClient.ConnectAsync(new(server.Address) { RpcRetry = patience });
        var worker = await StartWorkerAsync(server.Address, cancellationToken);
        try
        {
            var signalled = 0;
            var handles = new WorkflowHandle<CrashedWorkflow, string>[Workflows];
            var load = Parallel.ForAsync(0, Workflows, new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = cancellationToken }, async (i, _) =>
            {
                handles[i] = await client.StartWorkflowAsync(
                    (CrashedWorkflow workflow) => workflow.RunAsync(i), new($"crashed-{i}", CrashedWorkflow.Queue) { TaskTimeout = TimeSpan.FromSeconds(3) });
                await handles[i].SignalAsync(workflow => workflow.SayAsync("go"));
                Interlocked.Increment(ref signalled);
            });
            var random = new Random(7);
            for (var kill = 0; kill < Kills; kill++)
            {
                var enough = (kill * Workflows / Kills) + random.Next(Workflows / Kills);
                await Eventually.TrueAsync(() => Volatile.Read(ref signalled) >= enough, cancellationToken);
                if (kill % 3 != 1)
                {
                    await server.KillAsync();
                }

                if (kill % 3 != 0)
                {
                    await KillAsync(worker);
                    worker = null;
                }

                if (kill % 3 != 1)
                {
                    await server.RunAsync(cancellationToken);
                }

                worker ??= await StartWorkerAsync(server.Address, cancellationToken);
            }

            await load;
            var replayer = new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<CrashedWorkflow>());
            for (var i = 0; i < Workflows; i++)
            {
                Assert.Equal(CrashedWorkflow.Expected(i), await handles[i].GetResultAsync());
                var history = await handles[i].FetchHistoryAsync();
                Assert.Equal(3, history.Events.Count(e => e.EventType == EventType.ActivityTaskCompleted));
                Assert.Single(history.Events, e => e.EventType == EventType.WorkflowExecutionSignaled);
                await replayer.ReplayWorkflowAsync(history, cancellationToken: cancellationToken);
            }
        }
        finally
        {
            if (worker is not null)
            {
                await KillAsync(worker);
            }
        }
    }

    private static async Task<Process> StartWorkerAsync(string address, CancellationToken cancellationToken)
    {
        var worker = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CrashWorker.dll"), address]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await worker.StandardOutput.ReadLineAsync(cancellationToken));
        return worker;
    }

    private static async Task KillAsync(Process worker)
    {
        worker.Kill();
        await worker.WaitForExitAsync();
        worker.Dispose();
    }
}
