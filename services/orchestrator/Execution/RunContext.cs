using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.BusContracts;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Tools.V1;
using Temporalio.Activities;

namespace Mainstay.Orchestrator.Execution;

/// <summary>A run as its activities need it: what was asked, by whom, and what it is pinned to.</summary>
internal sealed record RunContext(
    string TaskId,
    string Team,
    string Project,
    string Initiator,
    string RbacScope,
    string TraceId,
    Agent Agent,
    Struct Input,
    string Goal,
    IReadOnlyList<PermissionRule> TaskRules,
    RunConfig? Config)
{
    /// <summary>What the run is pinned to; there once its configuration was built.</summary>
    public RunConfig Pinned => Config ?? throw new InvalidOperationException($"The configuration of {TaskId} has not been built.");

    /// <summary>The metadata of calls on the initiator's account.</summary>
    public Metadata ActingForInitiator => CallerMetadata.ActingFor(Initiator, Team, Project, RbacScope);

    /// <summary>On whose account the current activity calls tools, under the rules of the agent and of the task.</summary>
    public CallScope Scope => new()
    {
        WorkflowId = TaskId,
        ActivityId = ActivityExecutionContext.Current.Info.ActivityId,
        AgentId = Agent.AgentId,
        WorkflowRules = { Agent.PermissionRules, TaskRules },
    };

    /// <summary>An audit event of this run.</summary>
    public AuditEvent Audit(TimeProvider clock, string action, string result) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        WorkflowId = TaskId,
        ActivityId = ActivityExecutionContext.Current.Info.ActivityId,
        AgentId = Agent.AgentId,
        Action = action,
        Result = result,
        Service = "orchestrator",
        RbacScope = RbacScope,
        Resource = new AuditResource { ProjectId = Project, DocumentId = TaskId, DocumentName = Agent.AgentId },
        UserContext = new AuditUserContext { InitiatedBy = Initiator },
        TraceId = TraceId,
    };
}
