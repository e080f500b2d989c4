using Grpc.Core;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Errors;

namespace Mainstay.Orchestrator;

/// <summary>Every refusal of the orchestrator.</summary>
internal static class OrchestratorErrors
{
    public static RpcException AgentNotFound(string agentId) => ServiceError.Create(
        StatusCode.NotFound,
        OrchestratorErrorReason.AgentNotFound,
        $"There is no agent '{agentId}' of your team. List the agents with ListAgents, or register it with RegisterAgent.",
        ("agent_id", agentId));

    public static RpcException TaskNotFound(string taskId) => ServiceError.Create(
        StatusCode.NotFound,
        OrchestratorErrorReason.TaskNotFound,
        $"There is no task '{taskId}' in your project. List the tasks with ListTasks.",
        ("task_id", taskId));

    public static RpcException SkillNotFound(string skillName, string version, string why) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        OrchestratorErrorReason.SkillNotFound,
        $"The agent cannot use the skill '{skillName}'{(version.Length == 0 ? "" : $" as '{version}'")}: {why}",
        ("skill_name", skillName),
        ("version", version));

    public static RpcException FieldInvalid(params (string Field, string Description)[] violations) => ServiceError.InvalidArgument(
        OrchestratorErrorReason.FieldInvalid,
        string.Join(' ', violations.Select(violation => $"{violation.Field}: {violation.Description}.")),
        violations);

    public static RpcException RequestIdReused(string requestId) => ServiceError.Create(
        StatusCode.AlreadyExists,
        OrchestratorErrorReason.RequestIdReused,
        $"The request_id {requestId} was used for another request. Choose a new one.",
        ("request_id", requestId));

    public static RpcException ApprovalNotPending(string toolCallId) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        OrchestratorErrorReason.ApprovalNotPending,
        $"No tool call '{toolCallId}' waits for a decision. Read the task with GetTask: its pending_approvals are what waits.",
        ("tool_call_id", toolCallId));

    public static RpcException ArgumentsChanged(string toolCallId) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        OrchestratorErrorReason.ArgumentsChanged,
        $"The arguments_digest is not that of the waiting tool call '{toolCallId}'. Read the task with GetTask and look at the arguments again.",
        ("tool_call_id", toolCallId));

    public static RpcException TaskClosed(string taskId) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        OrchestratorErrorReason.TaskClosed,
        $"The task '{taskId}' has ended. Start a new one with StartTask.",
        ("task_id", taskId));

    public static RpcException ScopeMissing(string scope) => ServiceError.Create(
        StatusCode.PermissionDenied,
        OrchestratorErrorReason.RoleMissing,
        $"This needs the scope '{scope}', which the token does not hold.",
        ("scope", scope));
}
