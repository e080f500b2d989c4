using Grpc.Core;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Errors;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;
using Mainstay.Skills.V1;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Mainstay.ServiceDefaults.Tests.Hosting;

/// <summary>The least service that has everything shared: it tells who called, fails on demand, and records an audit event.</summary>
internal sealed class ProbeService(NpgsqlDataSource database, AuditOutbox outbox, TimeProvider clock) : SkillService.SkillServiceBase
{
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "skills", SkillErrorReason.FieldInvalid).AddPostgres(typeof(ProbeService).Assembly).AddAuditOutbox();
        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<ProbeService>();
        application.MapGet("/admins", () => "welcome").RequireAuthorization(policy => policy.RequireClaim("role", "admin"));
        return application;
    }

    public override Task<GetSkillResponse> GetSkill(GetSkillRequest request, ServerCallContext context) => request.SkillName switch
    {
        "caller" => Task.FromResult(new GetSkillResponse { Skill = new Skill { Description = context.GetCaller().ToString() } }),
        "missing" => throw ServiceError.Create(StatusCode.NotFound, SkillErrorReason.SkillNotFound, "There is no skill 'missing'.", ("skill_name", "missing")),
        "invalid" => throw ServiceError.InvalidArgument(SkillErrorReason.FieldInvalid, "The version is not valid.", ("skill.version", "write 1.2.3")),
        ['ä', ..] quoted => throw ServiceError.InvalidArgument(
            SkillErrorReason.FieldInvalid, $"No skill is called {quoted}.", [.. Enumerable.Repeat(("skill_name", $"must not be {quoted}"), 20)]),
        "slow dependency" => throw new TimeoutException("a dependency took too long"),
        ['#', .. var code] => throw new RpcException(new Status(Enum.Parse<StatusCode>(code), "told to the caller of this service")),
        _ => throw new InvalidOperationException("the password is hunter2"),
    };

    public override async Task<RegisterSkillResponse> RegisterSkill(RegisterSkillRequest request, ServerCallContext context)
    {
        await using var connection = await database.OpenConnectionAsync(context.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(context.CancellationToken);
        await outbox.AppendAsync(
            connection,
            transaction,
            new AuditEvent { EventId = AuditEvent.NewId(clock), Timestamp = clock.GetUtcNow(), Action = "probe_act", Result = "success", Service = "probe", AgentId = request.RequestId },
            context.CancellationToken);
        if (request.Skill is null)
        {
            throw new InvalidOperationException("rolled back");
        }

        await transaction.CommitAsync(context.CancellationToken);
        return new RegisterSkillResponse();
    }
}
