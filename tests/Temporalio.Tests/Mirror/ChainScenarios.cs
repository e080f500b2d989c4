using Temporalio.Common;

namespace Temporalio.Tests.Mirror;

/// <summary>Runs that go on as others, and what they carry along.</summary>
public sealed class ChainScenarios(MirrorServer server)
{
    [Fact]
    public async Task ContinueAsNew_ThreeRuns_AreLinked()
    {
        await using var t = new Scenario(server.Client, "continue-as-new") { Dropped = ["firstWorkflowTaskBackoff"] };
        await t.WorkerAsync();
        var handle = await t.StartAsync("counter", [2], options => options.Memo = new Dictionary<string, object> { ["keep"] = "me" });
        await Scenario.EndAsync(handle);
        await ChainAsync(t, handle.Id, handle.FirstExecutionRunId!);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task ContinueAsNew_OntoAnotherQueue_TakesWhatItIsGiven()
    {
        await using var t = new Scenario(server.Client, "continue-as-new-moved") { Dropped = ["firstWorkflowTaskBackoff"] };
        await t.WorkerAsync();
        await t.WorkerAsync(t.Name("second"), null);
        var handle = await t.StartAsync("moves", [t.Name("second")], options =>
        {
            options.Memo = new Dictionary<string, object> { ["carried"] = "first run" };
            options.TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(SearchAttributeKey.CreateKeyword("ConfKeyword"), "start").ToSearchAttributeCollection();
            options.ExecutionTimeout = TimeSpan.FromSeconds(60);
        });
        await Scenario.EndAsync(handle);
        await ChainAsync(t, handle.Id, handle.FirstExecutionRunId!);
        await t.MatchesAsync(results: false);
    }

    [Theory]
    [InlineData("workflow-retry", 3, 200, 5)]
    [InlineData("workflow-retry-exhausted", 9, 100, 2)]
    public async Task Retry_OfWorkflows_MakesARunOfEachAttempt(string name, int until, int interval, int most)
    {
        await using var t = new Scenario(server.Client, name) { Dropped = ["firstWorkflowTaskBackoff"] };
        await t.WorkerAsync();
        var handle = await t.StartAsync("failsUntil", [until], options => options.RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(interval), MaximumAttempts = most });
        await Scenario.EndAsync(handle);
        await ChainAsync(t, handle.Id, handle.FirstExecutionRunId!);
        await t.MatchesAsync(results: false);
    }

    [Fact]
    public async Task Attributes_OfEveryType_AreInTheHistory()
    {
        await using var t = new Scenario(server.Client, "attributes-start");
        await t.WorkerAsync();
        var handle = await t.StartAsync("noop", [], options =>
        {
            options.Memo = new Dictionary<string, object> { ["text"] = "a memo", ["nested"] = new { n = new[] { 1, 2 } } };
            options.TypedSearchAttributes = new SearchAttributeCollection.Builder()
                .Set(SearchAttributeKey.CreateKeyword("ConfKeyword"), "k")
                .Set(SearchAttributeKey.CreateLong("ConfInt"), 42)
                .Set(SearchAttributeKey.CreateDouble("ConfDouble"), 1.5)
                .Set(SearchAttributeKey.CreateBool("ConfBool"), true)
                .Set(SearchAttributeKey.CreateDateTimeOffset("ConfDatetime"), new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero))
                .Set(SearchAttributeKey.CreateText("ConfText"), "some words")
                .Set(SearchAttributeKey.CreateKeywordList("ConfKeywordList"), ["one", "two"])
                .ToSearchAttributeCollection();
        });
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Upserts_SetChangeAndUnset_AreInTheHistory()
    {
        await using var t = new Scenario(server.Client, "attributes-upsert");
        await t.WorkerAsync();
        var handle = await t.StartAsync("upserts", [], options =>
        {
            options.Memo = new Dictionary<string, object> { ["start"] = "at start", ["stays"] = 1 };
            options.TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(SearchAttributeKey.CreateKeyword("ConfKeyword"), "before").ToSearchAttributeCollection();
        });
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: false);
    }

    private static async Task ChainAsync(Scenario t, string workflowId, string firstRunId)
    {
        var runId = firstRunId;
        for (var number = 1; runId.Length > 0; number++)
        {
            t.History($"main run {number}", workflowId, runId);
            var last = (await t.Client.GetWorkflowHandle(workflowId, runId).FetchHistoryAsync()).Events.Last();
            runId = last.WorkflowExecutionContinuedAsNewEventAttributes?.NewExecutionRunId ?? last.WorkflowExecutionFailedEventAttributes?.NewExecutionRunId ?? "";
        }
    }
}
