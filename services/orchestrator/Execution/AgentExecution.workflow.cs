using Mainstay.Orchestrator.Events;
using Mainstay.Orchestrator.V1;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using Task = System.Threading.Tasks.Task;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Runs an agent: asks the model, runs the tools it asks for, waits for people where the rules say so, until there is an answer or a bound.</summary>
[Workflow("AgentExecution")]
public sealed class AgentExecutionWorkflow
{
    private const int MostRepairs = 3;
    private const double BudgetWarningShare = 0.8;

    private readonly ApprovalDesk approvals = new();
    private readonly PersonClock people = new();
    private readonly string taskId = Workflow.Info.WorkflowId;
    private string? pauseReason;
    private int pauses;
    private RunState? state;

    /// <summary>Runs a task to its end.</summary>
    [WorkflowRun]
    public async Task<AgentExecutionResult> RunAsync(AgentExecutionRequest request)
    {
        state = request.Continued;
        var startedAt = Workflow.UtcNow - (state?.Worked ?? TimeSpan.Zero);
        try
        {
            var plan = state?.Plan ?? await Workflow.ExecuteActivityAsync((AgentConfigActivities a) => a.BuildAgentConfigAsync(taskId), RunActivity.Short);
            state ??= new RunState(plan, plan.TranscriptLength);
            var closing = await LoopAsync(startedAt);
            return await CloseAsync(closing);
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            await CloseAsync(new(taskId, nameof(TaskStatus.Cancelled), nameof(TerminationReason.Cancelled), "", null, state));
            throw;
        }
        catch (ActivityFailureException e)
        {
            var message = (e.InnerException ?? e).Message;
            await CloseAsync(new(taskId, nameof(TaskStatus.Failed), nameof(TerminationReason.Failed), message, null, state));
            throw new ApplicationFailureException($"The run failed: {message}", e, errorType: "RunFailed", nonRetryable: true);
        }
    }

    /// <summary>Pauses the run before its next model call.</summary>
    [WorkflowSignal("pause_execution")]
    public async Task PauseAsync(string reason)
    {
        if (pauseReason is null)
        {
            pauseReason = reason;
            pauses++;
            people.StartWaiting();
            await PublishAsync(nameof(TaskStatus.Paused), new NewTaskEvent($"paused/{Workflow.Info.RunId}/{pauses}", TaskEventTypes.Paused, Facts(("reason", reason))));
        }
    }

    /// <summary>Lets a paused run go on.</summary>
    [WorkflowSignal("resume_execution")]
    public async Task ResumeAsync(string reason)
    {
        if (pauseReason is not null)
        {
            pauseReason = null;
            people.StopWaiting();
            await PublishAsync(nameof(TaskStatus.Running), new NewTaskEvent($"resumed/{Workflow.Info.RunId}/{pauses}", TaskEventTypes.Resumed, Facts(("reason", reason))));
        }
    }

    /// <summary>Takes a person's decision about a waiting tool call; it is on record when this returns.</summary>
    [WorkflowUpdate("decide_tool_call")]
    public async Task DecideAsync(ToolCallDecision decision)
    {
        var call = approvals.Take(decision);
        await Workflow.ExecuteActivityAsync((ApprovalActivities a) => a.RecordDecisionAsync(new(taskId, call, decision)), RunActivity.Short);
        approvals.Release(decision);
    }

    /// <summary>Refuses a decision that nothing waits for, or that is about other arguments.</summary>
    [WorkflowUpdateValidator(nameof(DecideAsync))]
    public void ValidateDecision(ToolCallDecision decision) => approvals.Check(decision);

    /// <summary>Where the run stands.</summary>
    [WorkflowQuery("get_current_state")]
    public RunState? CurrentState() => state;

    private async Task<RunClosing> LoopAsync(DateTime startedAt)
    {
        while (true)
        {
            await Workflow.WaitConditionAsync(() => pauseReason is null);
            state = state! with { Worked = Workflow.UtcNow - startedAt - people.Waited };
            if (BoundReached(state) is { } bound)
            {
                return new(taskId, nameof(TaskStatus.Stopped), bound.ToString(), "", null, state);
            }

            await WarnOfBudgetAsync();
            state = state with { Iteration = state.Iteration + 1 };
            var turn = await Workflow.ExecuteActivityAsync((ModelActivities a) => a.CallLlmAsync(new(taskId, state)), RunActivity.Model(state.Plan));
            var answerPosition = state.TranscriptLength;
            state = state with
            {
                TranscriptLength = state.TranscriptLength + 1 + turn.ToolCalls.Count,
                InputTokens = state.InputTokens + turn.InputTokens,
                OutputTokens = state.OutputTokens + turn.OutputTokens,
                CostMicroUsd = state.CostMicroUsd + turn.CostMicroUsd,
            };
            if (turn.ToolCalls.Count > 0)
            {
                state = state with { Repairs = 0 };
                await Workflow.WhenAllAsync(turn.ToolCalls.Select(RunToolAsync));
            }
            else if (await CheckAnswerAsync(answerPosition) is { } closing)
            {
                return closing;
            }

            if (Workflow.ContinueAsNewSuggested)
            {
                await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished && pauseReason is null);
                var continued = new AgentExecutionRequest(state with { Worked = Workflow.UtcNow - startedAt - people.Waited });
                throw Workflow.CreateContinueAsNewException((AgentExecutionWorkflow next) => next.RunAsync(continued));
            }
        }
    }

    private static TerminationReason? BoundReached(RunState run) => run switch
    {
        _ when run.CostMicroUsd >= run.Plan.BudgetMicroUsd => TerminationReason.BudgetExceeded,
        _ when run.Plan.MaxTotalTokens > 0 && run.InputTokens + run.OutputTokens >= run.Plan.MaxTotalTokens => TerminationReason.BudgetExceeded,
        _ when run.Iteration >= run.Plan.MaxIterations => TerminationReason.MaxIterationsReached,
        _ when run.Worked >= run.Plan.Timeout => TerminationReason.TimeoutExceeded,
        _ => null,
    };

    private async Task WarnOfBudgetAsync()
    {
        if (!state!.IsBudgetWarned && state.CostMicroUsd >= state.Plan.BudgetMicroUsd * BudgetWarningShare)
        {
            state = state with { IsBudgetWarned = true };
            await PublishAsync(null, new NewTaskEvent(
                "budget/warning", TaskEventTypes.BudgetWarning, Facts(("cost_micro_usd", state.CostMicroUsd), ("budget_micro_usd", state.Plan.BudgetMicroUsd))));
        }
    }

    // A call that needs no approval never waits for one that does.
    private async Task RunToolAsync(ToolCallReference call)
    {
        var result = await Workflow.ExecuteActivityAsync((ToolActivities a) => a.ExecuteMcpToolAsync(new(taskId, call, null)), RunActivity.Tool);
        if (!result.NeedsApproval)
        {
            return;
        }

        approvals.Open(call, result.ArgumentsDigest);
        people.StartWaiting();
        var patience = state!.Plan.ApprovalTimeout;
        await Workflow.ExecuteActivityAsync(
            (ApprovalActivities a) => a.RequestApprovalAsync(new(taskId, call, result.ArgumentsDigest, result.Reason, Workflow.UtcNow + patience)), RunActivity.Short);
        if (!await Workflow.WaitConditionAsync(() => approvals.IsDecided(call), patience) && approvals.TakeExpired(call))
        {
            var expired = ToolCallDecision.Expired(call.ToolCallId);
            await Workflow.ExecuteActivityAsync((ApprovalActivities a) => a.RecordDecisionAsync(new(taskId, call, expired)), RunActivity.Short);
            approvals.Release(expired);
        }

        // A decision that came with the expiry is still being recorded.
        await Workflow.WaitConditionAsync(() => approvals.IsDecided(call));
        people.StopWaiting();
        var decision = approvals.Close(call);
        if (decision.IsApproved)
        {
            await Workflow.ExecuteActivityAsync((ToolActivities a) => a.ExecuteMcpToolAsync(new(taskId, call, decision)), RunActivity.Tool);
        }
    }

    private async Task<RunClosing?> CheckAnswerAsync(int position)
    {
        var verdict = await Workflow.ExecuteActivityAsync((AnswerActivities a) => a.CheckAnswerAsync(new(taskId, position, state!.Iteration)), RunActivity.Short);
        if (verdict.IsValid)
        {
            return new(taskId, nameof(TaskStatus.Completed), nameof(TerminationReason.GoalAchieved), "", position, state);
        }

        // The message that says what to mend follows the answer.
        state = state! with { TranscriptLength = state.TranscriptLength + 1, Repairs = state.Repairs + 1 };
        return state.Repairs <= MostRepairs
            ? null
            : new(taskId, nameof(TaskStatus.Failed), nameof(TerminationReason.Failed), $"The model gave {state.Repairs} answers in a row that do not validate: {verdict.Problem}", null, state);
    }

    // Also a cancelled run is closed.
    private async Task<AgentExecutionResult> CloseAsync(RunClosing closing)
    {
        await Workflow.ExecuteActivityAsync((ProgressActivities a) => a.CloseAsync(closing), RunActivity.Uncancellable);
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
        return new(closing.Status, closing.TerminationReason, closing.State?.Iteration ?? 0, closing.State?.CostMicroUsd ?? 0);
    }

    private Task PublishAsync(string? status, NewTaskEvent taskEvent) =>
        Workflow.ExecuteActivityAsync((ProgressActivities a) => a.PublishWorkflowEventsAsync(new(taskId, status, new[] { taskEvent })), RunActivity.Short);

    private static Dictionary<string, object?> Facts(params (string Name, object? Value)[] facts) => facts.ToDictionary(fact => fact.Name, fact => fact.Value);
}
