using Temporalio.Api.Sdk.V1;
using Temporalio.Converters;
using Temporalio.Workflows;

namespace Temporalio.Tests.Execution;

/// <summary>Handlers that take what no other does, and what a workflow tells of itself.</summary>
public sealed class DynamicTests
{
    [Fact]
    public void Handlers_ForAnyName_GetNameAndRawArguments()
    {
        var driver = new RunDriver(typeof(AnyWorkflow), "first").Task();
        driver.Signal("Unheard", 1, "two");
        driver.Task(driver.Update("u1", "Unknown", 3));
        Assert.Equal(["AnyWorkflow first", "signal Unheard 1 two", "update Unknown 3"], ((AnyWorkflow)driver.Run.Instance).Log);
        var answer = driver.Run.HandleQuery("q", new() { QueryType = "Anything", QueryArgs = RunDriver.Payloads("x") });
        Assert.Equal("query Anything x", DataConverter.Default.PayloadConverter.ToValue<string>(answer.Answer.Payloads_[0]));
        Assert.Null(driver.Replay());
    }

    [Fact]
    public void Metadata_OfAWorkflow_NamesItsHandlersAndDetails()
    {
        var driver = new RunDriver(typeof(DescribedWorkflow)).Task();
        var answer = driver.Run.HandleQuery("q", new() { QueryType = "__temporal_workflow_metadata" });
        var metadata = DataConverter.Default.PayloadConverter.ToValue<WorkflowMetadata>(answer.Answer.Payloads_[0]);
        Assert.Equal(("DescribedWorkflow", "waits for **Ada**"), (metadata.Definition.Type, metadata.CurrentDetails));
        Assert.Equal([("Approve", "says yes"), ("Refuse", "")], metadata.Definition.SignalDefinitions.Select(signal => (signal.Name, signal.Description)));
        Assert.Equal("Who", Assert.Single(metadata.Definition.QueryDefinitions).Name);
        Assert.Empty(metadata.Definition.UpdateDefinitions);
    }

    [Theory]
    [InlineData("__stack_trace", "Workflow stack traces are not enabled on this worker")]
    [InlineData("__temporal_unheard", "Query handler for __temporal_unheard expected but not found, known queries: []")]
    public void Query_OfTheSdksOwnNames_GoesToNoHandler(string name, string refusal)
    {
        var answer = new RunDriver(typeof(AnyWorkflow), "first").Task().Run.HandleQuery("q", new() { QueryType = name });
        Assert.Equal((QueryResultType.Failed, refusal), (answer.ResultType, answer.ErrorMessage));
    }

    private static string Text(IEnumerable<IRawValue> values) => string.Join(' ', values.Select(value => Workflow.PayloadConverter.ToValue<object>(value.Payload)));

    /// <summary>Takes everything.</summary>
    [Workflow(Dynamic = true)]
    public sealed class AnyWorkflow
    {
        public List<string> Log { get; } = [];

        [WorkflowRun]
        public async Task RunAsync(IRawValue[] arguments)
        {
            Log.Add($"{Workflow.Info.WorkflowType} {Text(arguments)}");
            await Workflow.WaitConditionAsync(() => false);
        }

        [WorkflowSignal(Dynamic = true)]
        public Task SignalAsync(string name, IRawValue[] arguments)
        {
            Log.Add($"signal {name} {Text(arguments)}");
            return Task.CompletedTask;
        }

        [WorkflowQuery(Dynamic = true)]
        public string Query(string name, IRawValue[] arguments) => $"query {name} {Text(arguments)}";

        [WorkflowUpdate(Dynamic = true)]
        public Task UpdateAsync(string name, IRawValue[] arguments)
        {
            Log.Add($"update {name} {Text(arguments)}");
            return Task.CompletedTask;
        }
    }

    /// <summary>Says what it is about.</summary>
    [Workflow]
    public sealed class DescribedWorkflow
    {
        [WorkflowQuery]
        public string Who => "Ada";

        [WorkflowRun]
        public async Task RunAsync()
        {
            Workflow.CurrentDetails = $"waits for **{Who}**";
            await Workflow.WaitConditionAsync(() => false);
        }

        [WorkflowSignal(Description = "says yes")]
        public Task ApproveAsync() => Task.CompletedTask;

        [WorkflowSignal]
        public Task RefuseAsync() => Task.CompletedTask;
    }
}
