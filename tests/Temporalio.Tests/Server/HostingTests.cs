using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;
using Temporalio.Tests.Mirror;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>Workers in a host, whose activities come from its services.</summary>
public sealed class HostingTests(MirrorServer server)
{
    [Fact]
    public async Task Worker_OfAHost_MakesScopedActivitiesAnewForEachAttempt()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Counter>();
        builder.Services.AddTemporalClient(server.Client.Connection.Options.TargetHost, "default");
        builder.Services.AddHostedTemporalWorker("hosted").AddWorkflow<HostedWorkflow>().AddScopedActivities<ScopedActivities>();
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var client = host.Services.GetRequiredService<ITemporalClient>();
        Assert.Equal("1 2 3", await client.ExecuteWorkflowAsync((HostedWorkflow workflow) => workflow.RunAsync(), new("hosted", "hosted")));
        await host.StopAsync(cancellationToken);

        var counter = host.Services.GetRequiredService<Counter>();
        Assert.Equal((3, 3), (counter.Made, counter.Disposed));
    }

    /// <summary>Asks for three numbers.</summary>
    [Workflow]
    public sealed class HostedWorkflow
    {
        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            var numbers = new List<int>();
            for (var i = 0; i < 3; i++)
            {
                numbers.Add(await Workflow.ExecuteActivityAsync((ScopedActivities a) => a.Number(), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) }));
            }

            return string.Join(' ', numbers);
        }
    }

    /// <summary>One for all scopes.</summary>
    public sealed class Counter
    {
        public int Made { get; set; }

        public int Disposed { get; set; }
    }

    /// <summary>One for each attempt.</summary>
    public sealed class ScopedActivities : IDisposable
    {
        private readonly Counter counter;
        private readonly int number;

        public ScopedActivities(Counter counter)
        {
            this.counter = counter;
            number = ++counter.Made;
        }

        [Activity]
        public int Number() => number;

        public void Dispose() => counter.Disposed++;
    }
}
