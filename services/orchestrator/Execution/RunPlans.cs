using Mainstay.Orchestrator.V1;
using Mainstay.Skills.V1;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Decides a run's bounds: the agent's, else the skill's, else the defaults.</summary>
internal static class RunPlans
{
    private const int DefaultIterations = 50;
    private const long DefaultBudgetMicroUsd = 10_000_000;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromHours(1);
    private static readonly TimeSpan DefaultApprovalTimeout = TimeSpan.FromDays(7);

    public static RunPlan For(RunLimits? agent, ExecutionConfig? skill, int transcriptLength) => new(
        agent is { MaxIterations: > 0 } ? agent.MaxIterations : skill is { MaxIterations: > 0 } ? skill.MaxIterations : DefaultIterations,
        agent is { BudgetMicroUsd: > 0 } ? agent.BudgetMicroUsd : skill is { BudgetMicroUsd: > 0 } ? skill.BudgetMicroUsd : DefaultBudgetMicroUsd,
        (agent?.Timeout ?? skill?.Timeout)?.ToTimeSpan() ?? DefaultTimeout,
        agent?.ApprovalTimeout?.ToTimeSpan() ?? DefaultApprovalTimeout,
        transcriptLength,
        skill?.MaxTotalTokens ?? 0,
        skill is { HasMaxRetries: true } ? skill.MaxRetries : null);
}
