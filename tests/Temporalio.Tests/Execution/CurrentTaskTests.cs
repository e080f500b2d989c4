using Temporalio.Converters;
using Temporalio.Workflows;
using SuggestContinueAsNewReason = Temporalio.Workflows.SuggestContinueAsNewReason;

namespace Temporalio.Tests.Execution;

/// <summary>What a workflow may ask of the task that it is in.</summary>
public sealed class CurrentTaskTests
{
    [Fact]
    public void CurrentDeploymentVersion_OnReplay_IsThatOfTheWorkerOfOnce()
    {
        var driver = new RunDriver(typeof(AskingWorkflow)) { Version = new("reviews", "1") }.Task();
        driver.Signal("Ask");
        driver.Version = new("reviews", "2");
        driver.Replay();
        Assert.Equal(["reviews.1 1"], ((AskingWorkflow)driver.Run.Instance).Seen);

        driver.Task();
        Assert.Equal(["reviews.1 1", "reviews.2 2"], ((AskingWorkflow)driver.Run.Instance).Seen);
    }

    [Fact]
    public void CurrentBuildId_WorkerSaidNothingOfItself_IsEmpty() =>
        Assert.Equal([" "], ((AskingWorkflow)new RunDriver(typeof(AskingWorkflow)).Task().Run.Instance).Seen);

    [Fact]
    public void SuggestedContinueAsNewReasons_AreThoseOfTheTask()
    {
        var driver = new RunDriver(typeof(AskingWorkflow)).Task();
        var workflow = (AskingWorkflow)driver.Run.Instance;
        Assert.Empty(workflow.Reasons);
        driver.Reasons = [Api.Enums.V1.SuggestContinueAsNewReason.TooManyUpdates, Api.Enums.V1.SuggestContinueAsNewReason.HistorySizeTooLarge];
        driver.Signal("Ask");
        driver.Task();
        Assert.Equal([SuggestContinueAsNewReason.TooManyUpdates, SuggestContinueAsNewReason.HistorySizeTooLarge], workflow.Reasons);
    }

    [Fact]
    public void IsReplayingHistoryEvents_InAQuery_IsFalseThoughItLooksBack()
    {
        var driver = new RunDriver(typeof(AskingWorkflow)).Task();
        var answer = driver.Run.HandleQuery("q", new() { QueryType = "Replays" });
        Assert.Equal("True False", DataConverter.Default.PayloadConverter.ToValue<string>(answer.Answer.Payloads_[0]));
    }

    [Fact]
    public void ContinueAsNew_WithABackoff_AsksForIt()
    {
        var command = Assert.Single(new RunDriver(typeof(ReturningWorkflow)).Task().Commands);
        Assert.Equal(90, command.ContinueAsNewWorkflowExecutionCommandAttributes.BackoffStartInterval.Seconds);
    }

    /// <summary>Notes what it is told of each of its tasks.</summary>
    [Workflow]
    public sealed class AskingWorkflow
    {
        private bool asked;

        public List<string> Seen { get; } = [];

        public IReadOnlyCollection<SuggestContinueAsNewReason> Reasons { get; private set; } = [];

        [WorkflowRun]
        public async Task RunAsync()
        {
            Note();
            await Workflow.WaitConditionAsync(() => asked);
            Note();
            await Workflow.WaitConditionAsync(() => false);
        }

        [WorkflowSignal]
        public Task AskAsync()
        {
            asked = true;
            return Task.CompletedTask;
        }

        [WorkflowQuery]
        public string Replays() => $"{Workflow.Unsafe.IsReplaying} {Workflow.Unsafe.IsReplayingHistoryEvents}";

        private void Note()
        {
            Seen.Add($"{Workflow.CurrentDeploymentVersion?.ToCanonicalString()} {Workflow.CurrentBuildId}");
            Reasons = Workflow.SuggestedContinueAsNewReasons;
        }
    }

    /// <summary>Comes back after a while.</summary>
    [Workflow]
    public sealed class ReturningWorkflow
    {
        [WorkflowRun]
        public Task RunAsync() =>
            throw Workflow.CreateContinueAsNewException((ReturningWorkflow workflow) => workflow.RunAsync(), new() { BackoffStartInterval = TimeSpan.FromSeconds(90) });
    }
}
