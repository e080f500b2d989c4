using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Orchestrator.V1;
using Enum = System.Enum;
using Task = Mainstay.Orchestrator.V1.Task;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>A task as it is stored, as far as callers see it.</summary>
internal sealed record TaskRow
{
    /// <summary>The columns, for a select from <c>task</c>.</summary>
    public const string Columns = """
        task_id, agent_id, status, termination_reason, result::text as result, failure_message, iteration, input_tokens, output_tokens,
        cost_micro_usd, pinned_skills::text as pinned_skills, initiator, start_time, end_time, trace_id
        """;

    public required string TaskId { get; init; }
    public required string AgentId { get; init; }
    public required string Status { get; init; }
    public required string TerminationReason { get; init; }
    public string? Result { get; init; }
    public required string FailureMessage { get; init; }
    public int Iteration { get; init; }
    public long InputTokens { get; init; }
    public long OutputTokens { get; init; }
    public long CostMicroUsd { get; init; }
    public required string PinnedSkills { get; init; }
    public required string Initiator { get; init; }
    public DateTime StartTime { get; init; }
    public DateTime? EndTime { get; init; }
    public required string TraceId { get; init; }

    public Task ToTask(IEnumerable<PendingApproval> approvals) => new()
    {
        TaskId = TaskId,
        AgentId = AgentId,
        Status = Enum.Parse<TaskStatus>(Status),
        TerminationReason = Enum.Parse<TerminationReason>(TerminationReason),
        Result = Result is null ? null : Value.Parser.ParseJson(Result),
        FailureMessage = FailureMessage,
        Iteration = Iteration,
        InputTokens = InputTokens,
        OutputTokens = OutputTokens,
        CostMicroUsd = CostMicroUsd,
        PinnedSkills = { JsonSerializer.Deserialize<PinnedSkillRow[]>(PinnedSkills)!.Select(skill => skill.ToPinnedSkill()) },
        PendingApprovals = { approvals },
        Initiator = Initiator,
        StartTime = StartTime.ToUniversalTime().ToTimestamp(),
        EndTime = EndTime?.ToUniversalTime().ToTimestamp(),
        TraceId = TraceId,
    };
}

/// <summary>A pinned skill as it is stored.</summary>
internal sealed record PinnedSkillRow(string SkillName, string Version, string Digest)
{
    public PinnedSkill ToPinnedSkill() => new() { SkillName = SkillName, Version = Version, Digest = Digest };
}
