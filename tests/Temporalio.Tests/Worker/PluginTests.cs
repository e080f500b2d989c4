using Temporalio.Client;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;

namespace Temporalio.Tests.Worker;

public sealed class PluginTests(MirrorServer server)
{
    [Fact]
    public async Task Plugins_OfTheClient_ConfigureAndSurroundClientWorkerAndReplayer()
    {
        var plugin = new NotingPlugin();
        var client = await TemporalClient.ConnectAsync(new(server.Client.Connection.Options.TargetHost!) { Plugins = [plugin] });
        var queue = $"plugin-{Guid.NewGuid():n}";
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue));
        var history = await worker.ExecuteAsync(
            async () =>
            {
                var handle = await client.StartWorkflowAsync("noop", [1], new(queue, queue));
                await handle.GetResultAsync();
                return await handle.FetchHistoryAsync();
            },
            TestContext.Current.CancellationToken);
        var replayer = new WorkflowReplayer(new() { Plugins = [plugin] });
        var replayed = await replayer.ReplayWorkflowsAsync([history], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Null(Assert.Single(replayed).ReplayFailure);
        Assert.Equal(["connect", "client", "worker", "run", "replayer", "replay"], plugin.Notes);
    }

    private sealed class NotingPlugin : ITemporalClientPlugin, ITemporalWorkerPlugin
    {
        public List<string> Notes { get; } = [];

        public string Name => "noting";

        public void ConfigureClient(TemporalClientOptions options) => Notes.Add("client");

        public Task<TemporalConnection> ConnectAsync(TemporalClientConnectOptions options, Func<TemporalClientConnectOptions, Task<TemporalConnection>> continuation)
        {
            Notes.Add("connect");
            return continuation(options);
        }

        public void ConfigureWorker(TemporalWorkerOptions options)
        {
            Notes.Add("worker");
            options.AddWorkflow<NoopWorkflow>();
        }

        public Task<TResult> RunWorkerAsync<TResult>(TemporalWorker worker, Func<TemporalWorker, CancellationToken, Task<TResult>> continuation, CancellationToken stoppingToken)
        {
            Notes.Add("run");
            return continuation(worker, stoppingToken);
        }

        public void ConfigureReplayer(WorkflowReplayerOptions options)
        {
            Notes.Add("replayer");
            options.AddWorkflow<NoopWorkflow>();
        }

        public Task<IEnumerable<WorkflowReplayResult>> ReplayWorkflowsAsync(
            WorkflowReplayer replayer, Func<WorkflowReplayer, CancellationToken, Task<IEnumerable<WorkflowReplayResult>>> continuation, CancellationToken cancellationToken)
        {
            Notes.Add("replay");
            return continuation(replayer, cancellationToken);
        }

        public IAsyncEnumerable<WorkflowReplayResult> ReplayWorkflowsAsync(
            WorkflowReplayer replayer, Func<WorkflowReplayer, IAsyncEnumerable<WorkflowReplayResult>> continuation, CancellationToken cancellationToken) => continuation(replayer);
    }
}
