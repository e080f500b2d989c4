using Google.Protobuf.WellKnownTypes;
using Mainstay.Orchestrator.V1;
using Mainstay.Skills.V1;
using Mainstay.Tools.V1;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Orchestrator.Tests.Tasks;

public sealed class RunTests(OrchestratorFixture orchestrator)
{
    [Fact]
    public async System.Threading.Tasks.Task Run_AnswerThatFits_Completes()
    {
        var team = await orchestrator.TeamAsync("answer");

        var (task, events) = await team.RunAsync();

        Assert.Equal(TaskStatus.Completed, task.Status);
        Assert.Equal(TerminationReason.GoalAchieved, task.TerminationReason);
        Assert.Equal("pass", task.Result.StructValue.Fields["verdict"].StringValue);
        Assert.Equal((1, 100L, 10L, 200L), (task.Iteration, task.InputTokens, task.OutputTokens, task.CostMicroUsd));
        Assert.Equal("1.0.0", Assert.Single(task.PinnedSkills).Version);
        Assert.NotNull(task.EndTime);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(sequence => (long)sequence), events.Select(taskEvent => taskEvent.Sequence));
        Assert.Equal("workflow.started", events[0].Type);
        Assert.Equal("workflow.completed", events[^1].Type);
        Assert.Equal("""{"verdict": "pass"}""", string.Concat(events.Where(taskEvent => taskEvent.Type == "llm_call.chunk").Select(taskEvent => taskEvent.Data.Fields["text"].StringValue)));
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_SkillPublishedMeanwhile_KeepsItsPinAndReachesTheNextRun()
    {
        var team = await orchestrator.TeamAsync("write");
        var taskId = await team.StartAsync();
        var pending = await team.PendingAsync(taskId);

        var digest = await team.PublishSkillAsync("1.1.0");
        var nextId = await team.StartAsync();
        await team.PendingAsync(nextId);
        await team.Tasks.RejectToolCallAsync(new RejectToolCallRequest { TaskId = taskId, ToolCallId = pending.ToolCallId }, cancellationToken: TestContext.Current.CancellationToken);
        await team.WatchAsync(taskId);

        var next = Assert.Single((await team.GetAsync(nextId)).PinnedSkills);
        Assert.Equal(("1.1.0", digest), (next.Version, next.Digest));
        Assert.Equal("1.0.0", Assert.Single((await team.GetAsync(taskId)).PinnedSkills).Version);
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_ToolCalls_AreMadeAndUnknownOnesRefused()
    {
        var team = await orchestrator.TeamAsync("read");

        var (task, events) = await team.RunAsync();

        Assert.Equal(TaskStatus.Completed, task.Status);
        Assert.Equal("read_text_file", Assert.Single(events, taskEvent => taskEvent.Type == "tool_call.completed").Data.Fields["tool_name"].StringValue);
        Assert.Contains("no_such_tool", Assert.Single(events, taskEvent => taskEvent.Type == "tool_call.denied").Data.Fields["reason"].StringValue, StringComparison.Ordinal);
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_ToolAndModelAnswerWithNul_GoesOn()
    {
        var team = await orchestrator.TeamAsync("damaged");

        var (task, events) = await team.RunAsync();

        Assert.Equal("un\0readable", task.Result.StructValue.Fields["verdict"].StringValue);
        Assert.Single(events, taskEvent => taskEvent.Type == "tool_call.completed");
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_RuleOfTheTaskDenies_TheAgentHearsTheRule()
    {
        var team = await orchestrator.TeamAsync("write");
        var request = team.NewTask();
        request.PermissionRules.Add(new PermissionRule { RuleName = "read-only", Effect = PermissionEffect.Deny, Tools = { "filesystem.write_*" }, Arguments = { new ArgumentCondition { Argument = "path", Pattern = "report*" } }, Reason = "Nothing is written today." });

        var (task, events) = await team.RunAsync(request);

        Assert.Equal("refused by a rule", task.Result.StructValue.Fields["verdict"].StringValue);
        Assert.Equal("read-only", Assert.Single(events, taskEvent => taskEvent.Type == "tool_call.denied").Data.Fields["rule"].StringValue);
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_AnswersThatDoNotFit_AreMended()
    {
        var team = await orchestrator.TeamAsync("mend");

        var (task, events) = await team.RunAsync();

        Assert.Equal(TaskStatus.Completed, task.Status);
        Assert.Equal(3, task.Iteration);
        Assert.Equal(2, events.Count(taskEvent => taskEvent.Type == "answer.rejected"));
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_NoAnswerEverFits_Fails()
    {
        var team = await orchestrator.TeamAsync("stubborn");

        var (task, events) = await team.RunAsync();

        Assert.Equal((TaskStatus.Failed, TerminationReason.Failed), (task.Status, task.TerminationReason));
        Assert.Contains("do not validate", task.FailureMessage, StringComparison.Ordinal);
        Assert.Equal("workflow.failed", events[^1].Type);
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_BudgetSpent_StopsAfterAWarning()
    {
        var team = await orchestrator.TeamAsync("endless", agent => agent.Limits = new RunLimits { BudgetMicroUsd = 5_000_000 });

        var (task, events) = await team.RunAsync();

        Assert.Equal((TaskStatus.Stopped, TerminationReason.BudgetExceeded), (task.Status, task.TerminationReason));
        Assert.Equal((5, 5_000_000L), (task.Iteration, task.CostMicroUsd));
        Assert.Single(events, taskEvent => taskEvent.Type == "budget.warning");
        Assert.Equal(["budget.exceeded", "workflow.stopped"], events.TakeLast(2).Select(taskEvent => taskEvent.Type));
    }

    [Theory]
    [InlineData("""{"max_total_tokens": "2500000"}""", 3, TerminationReason.BudgetExceeded)]
    [InlineData("""{"budget_micro_usd": "2000000"}""", 2, TerminationReason.BudgetExceeded)]
    [InlineData("""{"max_iterations": 4}""", 4, TerminationReason.MaxIterationsReached)]
    public async System.Threading.Tasks.Task Run_BoundOfTheSkill_Stops(string execution, int iterations, TerminationReason reason)
    {
        var team = await orchestrator.TeamAsync("endless");
        await team.PublishSkillAsync("1.1.0", ExecutionConfig.Parser.ParseJson(execution));

        var (task, _) = await team.RunAsync();

        Assert.Equal((TaskStatus.Stopped, reason, iterations), (task.Status, task.TerminationReason, task.Iteration));
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_TimeBoundOfTheSkill_Stops()
    {
        var team = await orchestrator.TeamAsync("endless");
        await team.PublishSkillAsync("1.1.0", new ExecutionConfig { Timeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1)) });

        var (task, _) = await team.RunAsync();

        Assert.Equal((TaskStatus.Stopped, TerminationReason.TimeoutExceeded), (task.Status, task.TerminationReason));
        Assert.InRange(task.Iteration, 0, 1);
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_TemperatureAndMostOutputTokensOfTheSkill_ReachTheModel()
    {
        // The agent names no model, so that the skill's own is asked too.
        var team = await orchestrator.TeamAsync("", agent => agent.Model = "");
        await team.PublishSkillAsync("1.1.0", new ExecutionConfig { Model = "recorded", Temperature = 0.25, MaxOutputTokens = 321 });

        var (task, _) = await team.RunAsync();

        Assert.Equal(TaskStatus.Completed, task.Status);
        var asked = Assert.Single(orchestrator.Model.Requests);
        Assert.Equal((0.25, 321), ((double)asked["temperature"]!, (int)asked["max_completion_tokens"]!));
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_SkillWithoutRetries_FailsAtTheFirstFailure()
    {
        var team = await orchestrator.TeamAsync("flaky");
        await team.PublishSkillAsync("1.1.0", new ExecutionConfig { MaxRetries = 0 });

        var (task, events) = await team.RunAsync();

        Assert.Equal(TaskStatus.Failed, task.Status);
        Assert.Single(events, taskEvent => taskEvent.Type == "llm_call.started");
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_MostIterationsReached_Stops()
    {
        var team = await orchestrator.TeamAsync("endless", agent => agent.Limits = new RunLimits { MaxIterations = 2 });

        var (task, _) = await team.RunAsync();

        Assert.Equal((TaskStatus.Stopped, TerminationReason.MaxIterationsReached, 2), (task.Status, task.TerminationReason, task.Iteration));
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_ModelLimitsItsRate_IsTriedAgain()
    {
        var team = await orchestrator.TeamAsync("flaky");

        var (task, events) = await team.RunAsync();

        Assert.Equal(TaskStatus.Completed, task.Status);
        Assert.Equal(2, events.Count(taskEvent => taskEvent.Type == "llm_call.failed"));
        Assert.Equal(1, task.Iteration);
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_ModelRefusesTheKey_FailsAtOnceAndSaysWhatToDo()
    {
        var team = await orchestrator.TeamAsync("refused");

        var (task, events) = await team.RunAsync();

        Assert.Equal(TaskStatus.Failed, task.Status);
        Assert.Contains("api_key", task.FailureMessage, StringComparison.Ordinal);
        Assert.Single(events, taskEvent => taskEvent.Type == "llm_call.failed");
    }

    [Fact]
    public async System.Threading.Tasks.Task Run_PromptLacksAVariable_FailsNamingIt()
    {
        var team = await orchestrator.TeamAsync("answer");
        var request = team.NewTask();
        request.Input.Fields.Clear();

        var (task, _) = await team.RunAsync(request);

        Assert.Equal(TaskStatus.Failed, task.Status);
        Assert.Contains("sheet", task.FailureMessage, StringComparison.Ordinal);
    }
}
