using Temporalio.Common;
using Temporalio.Worker;

namespace Temporalio.Tests.Execution;

/// <summary>Histories that are none.</summary>
public sealed class ReplayerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"events": 7}""")]
    [InlineData("""{"events": [{"eventId": "none"}]}""")]
    [InlineData("""{"events": [{"eventType": "NO_SUCH_EVENT"}]}""")]
    [InlineData("""{"events": [{"workflowExecutionStartedEventAttributes": {"input": {"payloads": [{"data": "?"}]}}}]}""")]
    public void FromJson_OfWhatIsNoHistory_IsRefused(string json) => Assert.ThrowsAny<Exception>(() => WorkflowHistory.FromJson("w", json));

    [Fact]
    public void FromJson_OfOlderTools_KnowsEveryEnumValueByItsBareName()
    {
        foreach (var type in ToolExports.Enums)
        {
            foreach (var value in type.Values)
            {
                Assert.Equal(value.Name, WorkflowHistoryJson.EnumName(type, ToolExports.OldName(type, value)));
            }
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"events": [{"eventId": "1", "eventType": "WorkflowTaskScheduled", "workflowTaskScheduledEventAttributes": {}}]}""")]
    [InlineData("""{"events": [{"eventId": "1", "eventType": "WorkflowExecutionStarted", "workflowExecutionStartedEventAttributes": {"workflowType": {"name": "Unheard"}}}]}""")]
    public async Task Replay_OfAHistoryThatBeginsWithNothingKnown_SaysSo(string json)
    {
        var replayer = new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<GreetingWorkflow>());
        var result = await replayer.ReplayWorkflowAsync(WorkflowHistory.FromJson("w", json), throwOnReplayFailure: false, TestContext.Current.CancellationToken);
        Assert.NotNull(result.ReplayFailure);
        await Assert.ThrowsAnyAsync<Exception>(() => replayer.ReplayWorkflowAsync(WorkflowHistory.FromJson("w", json), cancellationToken: TestContext.Current.CancellationToken));
    }
}
