using CrashWorker;
using Temporalio.Client;
using Temporalio.Worker;

// A worker in a process of its own, for tests to kill: its one argument is the server's address.
var client = await TemporalClient.ConnectAsync(new(args[0]));
using var worker = new TemporalWorker(
    client,
    new TemporalWorkerOptions(CrashedWorkflow.Queue) { StickyQueueScheduleToStartTimeout = TimeSpan.FromSeconds(1) }
        .AddWorkflow<CrashedWorkflow>()
        .AddAllActivities(new CrashedActivities()));
await worker.ExecuteAsync(
    async () =>
    {
        await Console.Out.WriteLineAsync("ready");
        await Task.Delay(Timeout.Infinite);
    },
    CancellationToken.None);
