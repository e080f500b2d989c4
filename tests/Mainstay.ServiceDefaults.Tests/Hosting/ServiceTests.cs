using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.ServiceDefaults.Tests.Hosting;

/// <summary>A running probe service that the tests of a class share.</summary>
public sealed class ProbeFixture : IAsyncLifetime
{
    public RunningService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await RunningService.StartAsync(ProbeService.Build, "skills", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public sealed class ServiceTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithoutToken_IsUnauthenticated() =>
        Assert.Equal(StatusCode.Unauthenticated, (await FailAsync(new(probe.Service.Channel), "caller")).StatusCode);

    [Fact]
    public async Task UnknownMethod_WithoutToken_IsUnauthenticated()
    {
        var method = new Method<HealthCheckRequest, HealthCheckResponse>(
            MethodType.Unary, "no.such.Service", "Call", TestMarshallers.Of<HealthCheckRequest>(), TestMarshallers.Of<HealthCheckResponse>());

        var exception = await Assert.ThrowsAsync<RpcException>(() => probe.Service.Channel.CreateCallInvoker()
            .AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cancellation), new HealthCheckRequest()).ResponseAsync);

        Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
    }

    [Fact]
    public async Task Health_WithoutToken_Serves()
    {
        var response = await new Health.HealthClient(probe.Service.Channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task Call_WithToken_KnowsTheCaller()
    {
        var seen = await CallerAsync(probe.Service.As("ada", ("team", "grid"), ("rbac_scope", "skills:publish")), []);

        Assert.Contains("Subject = ada, Team = grid, Project = , RbacScope = skills:publish, Role = user", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnBehalfOf_FromAUser_MeansNothing()
    {
        var seen = await CallerAsync(probe.Service.As("ada"), new Metadata { { "mainstay-on-behalf-of", "root" }, { "mainstay-rbac-scope", "everything" } });

        Assert.Contains("Subject = ada", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("root", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("everything", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnBehalfOf_FromAService_NamesTheUser()
    {
        var seen = await CallerAsync(probe.Service.As("orchestrator", ("role", "service")), new Metadata { { "mainstay-on-behalf-of", "ada" }, { "mainstay-team", "grid" } });

        Assert.Contains("OnBehalfOf = ada", seen, StringComparison.Ordinal);
        Assert.Contains("Team = grid", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatedError_Thrown_ArrivesWithItsReason()
    {
        var exception = await FailAsync(new(probe.Service.As()), "missing");

        var info = exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!;
        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
        Assert.Equal(("SKILL_ERROR_REASON_SKILL_NOT_FOUND", "skills.mainstay"), (info.Type, info.Domain));
        Assert.Equal("missing", info.Metadata["skill_name"]);
    }

    [Fact]
    public async Task InvalidField_Thrown_ArrivesWithItsPath()
    {
        var exception = await FailAsync(new(probe.Service.As()), "invalid");

        Assert.Equal("skill.version", Assert.Single(exception.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task StatedError_QuotingALongText_IsCutToWhatPeersTake()
    {
        var exception = await FailAsync(new(probe.Service.As()), new('ä', 20_000));

        var status = exception.GetRpcStatus()!;
        Assert.Equal((StatusCode.InvalidArgument, "SKILL_ERROR_REASON_FIELD_INVALID"), (exception.StatusCode, status.GetDetail<ErrorInfo>()!.Type));
        Assert.EndsWith("ä… [cut from 20020 characters]", exception.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("skill_name", status.GetDetail<BadRequest>()!.FieldViolations[0].Field);
        Assert.True(exception.Trailers.Sum(entry => entry.ValueBytes.Length) + Uri.EscapeDataString(exception.Status.Detail).Length < 8192);
    }

    [Fact]
    public async Task UnexpectedException_Thrown_ArrivesAsInternalWithoutItsMessage()
    {
        var exception = await FailAsync(new(probe.Service.As()), "crash");

        Assert.Equal(StatusCode.Internal, exception.StatusCode);
        Assert.DoesNotContain("hunter2", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TimeoutException_Thrown_IsNotTakenForTheDatabase()
    {
        var exception = await FailAsync(new(probe.Service.As()), "slow dependency");

        Assert.Equal(StatusCode.Internal, exception.StatusCode);
    }

    [Fact]
    public async Task Request_OverTheSizeLimit_IsRefusedAndTheNextIsAnswered()
    {
        var large = new string('x', (4 * 1024 * 1024) + 1);

        var exception = await FailAsync(new(probe.Service.As()), large);

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        Assert.NotEmpty(await CallerAsync(probe.Service.As(), []));
    }

    [Fact]
    public async Task Request_WithAValueThatItsTypeDoesNotAllow_IsRefusedByItsPath()
    {
        var request = new RegisterSkillRequest { Skill = new() { PublishTime = new() { Seconds = long.MaxValue } } };

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new SkillService.SkillServiceClient(probe.Service.As()).RegisterSkillAsync(request, cancellationToken: Cancellation).ResponseAsync);

        var status = exception.GetRpcStatus()!;
        Assert.Equal((StatusCode.InvalidArgument, "SKILL_ERROR_REASON_FIELD_INVALID"), (exception.StatusCode, status.GetDetail<ErrorInfo>()!.Type));
        Assert.Equal("skill.publish_time", Assert.Single(status.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    private static async Task<string> CallerAsync(CallInvoker invoker, Metadata headers) =>
        (await new SkillService.SkillServiceClient(invoker).GetSkillAsync(new GetSkillRequest { SkillName = "caller" }, headers, cancellationToken: Cancellation)).Skill.Description;

    private static Task<RpcException> FailAsync(SkillService.SkillServiceClient client, string name) => Assert.ThrowsAsync<RpcException>(
        () => client.GetSkillAsync(new GetSkillRequest { SkillName = name }, cancellationToken: Cancellation).ResponseAsync);
}
