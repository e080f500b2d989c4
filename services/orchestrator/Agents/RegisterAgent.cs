using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.BusContracts;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Skills.V1;
using Npgsql;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Agents;

/// <summary>Stores an agent, or replaces the team's agent of the same id.</summary>
internal sealed partial class RegisterAgent(
    NpgsqlDataSource database, SkillService.SkillServiceClient skills, AuditOutbox outbox, TimeProvider clock, ILogger<RegisterAgent> logger)
{
    /// <summary>The scope that registering needs.</summary>
    public const string Scope = "agents:register";

    private const string Upsert = """
        insert into agent (team, agent_id, content, registrant, update_time)
        values (@Team, @AgentId, @Content::json, @Registrant, @UpdateTime)
        on conflict (team, agent_id) do update
        set content = excluded.content, registrant = excluded.registrant, update_time = excluded.update_time
        """;

    public async Task<Agent> ExecuteAsync(Agent? agent, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!caller.HasScope(Scope))
        {
            throw OrchestratorErrors.ScopeMissing(Scope);
        }

        AgentChecks.Check(agent);
        await RequireSkillsAsync(agent!, caller, cancellationToken);

        var stored = agent!.Clone();
        stored.UpdateTime = clock.GetUtcNow().ToTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            Upsert,
            new { caller.Team, stored.AgentId, Content = JsonFormatter.Default.Format(stored), Registrant = caller.Principal, UpdateTime = clock.GetUtcNow() },
            transaction,
            cancellationToken: cancellationToken));
        await outbox.AppendAsync(connection, transaction, Announcement(stored, caller), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Registered(logger, stored.AgentId, caller.Team);
        return stored;
    }

    private async Task RequireSkillsAsync(Agent agent, CallerContext caller, CancellationToken cancellationToken)
    {
        foreach (var reference in agent.Skills)
        {
            try
            {
                await skills.ResolveSkillAsync(
                    new ResolveSkillRequest { SkillName = reference.SkillName, Reference = reference.Version },
                    CallerMetadata.ActingFor(caller),
                    cancellationToken: cancellationToken);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition)
            {
                throw OrchestratorErrors.SkillNotFound(reference.SkillName, reference.Version, e.Status.Detail);
            }
        }
    }

    private AuditEvent Announcement(Agent agent, CallerContext caller) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        AgentId = agent.AgentId,
        Action = "agent_register",
        Result = "success",
        Service = "orchestrator",
        RbacScope = Scope,
        Resource = new AuditResource { ProjectId = caller.Project, DocumentId = agent.AgentId, DocumentName = agent.AgentId },
        UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Registered the agent {AgentId} of {Team}")]
        public static partial void Registered(ILogger logger, string agentId, string team);
    }
}
