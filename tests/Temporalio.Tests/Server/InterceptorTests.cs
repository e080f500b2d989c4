using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>Interceptors around everything that a client and a worker do.</summary>
public sealed class InterceptorTests(MirrorServer server)
{
    [Fact]
    public async Task Interceptor_OfAClient_SeesEachCallOfClientAndWorkerInItsTurn()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var seen = new Recorder();
        var client = await TemporalClient.ConnectAsync(new(server.Client.Connection.Options.TargetHost!) { Interceptors = [seen] });
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("intercepted").AddWorkflow<InterceptedWorkflow>().AddActivity(InterceptedWorkflow.AnyAsync));
        var result = await worker.ExecuteAsync(
            async () =>
            {
                var handle = await client.StartWorkflowAsync((InterceptedWorkflow workflow) => workflow.RunAsync("Ada"), new("intercepted", "intercepted"));
                Assert.Equal("Ada", await handle.QueryAsync(workflow => workflow.Name));
                await handle.ExecuteUpdateAsync(workflow => workflow.ChangeAsync("Grace"));
                await handle.SignalAsync(workflow => workflow.GoAsync());
                return await handle.GetResultAsync();
            },
            cancellationToken);

        Assert.Equal("Unheard(Grace)", result);
        Assert.Equal(["start", "query", "update", "signal"], seen.OfTheClient);
        Assert.Equal(["execute", "answer", "validate", "change", "go", "schedule", "activity"], seen.OfTheWorker.Distinct());
    }

    /// <summary>Has its name from its constructor, and asks an activity that nobody has named.</summary>
    [Workflow]
    public sealed class InterceptedWorkflow
    {
        private bool going;

        [WorkflowInit]
        public InterceptedWorkflow(string name) => Name = name;

        [WorkflowQuery]
        public string Name { get; private set; }

        [Activity(Dynamic = true)]
        public static Task<string> AnyAsync(IRawValue[] arguments) =>
            Task.FromResult($"{ActivityExecutionContext.Current.Info.ActivityType}({string.Join(' ', arguments.Select(argument => ActivityExecutionContext.Current.PayloadConverter.ToValue<string>(argument)))})");

        [WorkflowRun]
        public async Task<string> RunAsync(string name)
        {
            await Workflow.WaitConditionAsync(() => going);
            return await Workflow.ExecuteActivityAsync<string>("Unheard", [Name], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        }

        [WorkflowSignal]
        public Task GoAsync()
        {
            going = true;
            return Task.CompletedTask;
        }

        [WorkflowUpdate]
        public Task ChangeAsync(string name)
        {
            Name = name;
            return Task.CompletedTask;
        }
    }

    private sealed class Recorder : IClientInterceptor, IWorkerInterceptor
    {
        public ConcurrentQueue<string> OfTheClient { get; } = new();

        public ConcurrentQueue<string> OfTheWorker { get; } = new();

        public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new ClientCalls(nextInterceptor, OfTheClient);

        public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowCalls(nextInterceptor, OfTheWorker);

        public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityCalls(nextInterceptor, OfTheWorker);
    }

    private sealed class ClientCalls(ClientOutboundInterceptor next, ConcurrentQueue<string> calls) : ClientOutboundInterceptor(next)
    {
        public override Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input)
        {
            calls.Enqueue("start");
            return base.StartWorkflowAsync<TWorkflow, TResult>(input);
        }

        public override Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input)
        {
            calls.Enqueue("query");
            return base.QueryWorkflowAsync<TResult>(input);
        }

        public override Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input)
        {
            calls.Enqueue("update");
            return base.StartWorkflowUpdateAsync<TResult>(input);
        }

        public override Task SignalWorkflowAsync(SignalWorkflowInput input)
        {
            calls.Enqueue("signal");
            return base.SignalWorkflowAsync(input);
        }
    }

    private sealed class WorkflowCalls(WorkflowInboundInterceptor next, ConcurrentQueue<string> calls) : WorkflowInboundInterceptor(next)
    {
        public override void Init(WorkflowOutboundInterceptor outbound) => base.Init(new Outbound(outbound, calls));

        public override Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
        {
            calls.Enqueue("execute");
            return base.ExecuteWorkflowAsync(input);
        }

        public override Task HandleSignalAsync(HandleSignalInput input)
        {
            calls.Enqueue("go");
            return base.HandleSignalAsync(input);
        }

        public override object? HandleQuery(HandleQueryInput input)
        {
            calls.Enqueue("answer");
            return base.HandleQuery(input);
        }

        public override void ValidateUpdate(HandleUpdateInput input)
        {
            calls.Enqueue("validate");
            base.ValidateUpdate(input);
        }

        public override Task<object?> HandleUpdateAsync(HandleUpdateInput input)
        {
            calls.Enqueue("change");
            return base.HandleUpdateAsync(input);
        }

        private sealed class Outbound(WorkflowOutboundInterceptor next, ConcurrentQueue<string> calls) : WorkflowOutboundInterceptor(next)
        {
            public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input)
            {
                calls.Enqueue("schedule");
                return base.ScheduleActivityAsync<TResult>(input);
            }
        }
    }

    private sealed class ActivityCalls(ActivityInboundInterceptor next, ConcurrentQueue<string> calls) : ActivityInboundInterceptor(next)
    {
        public override Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            calls.Enqueue("activity");
            return base.ExecuteActivityAsync(input);
        }
    }
}
