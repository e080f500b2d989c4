using Google.Rpc;
using Grpc.Core;
using Mainstay.ServiceDefaults.Errors;
using Mainstay.Skills.V1;
using Mainstay.Testing;
using Status = Grpc.Core.Status;

namespace Mainstay.ServiceDefaults.Tests.Clients;

public sealed class ServiceFailureTests : IAsyncLifetime
{
    private PlainServer dependency = null!;
    private RunningService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        dependency = await PlainServer.StartAsync(new Failing(), Cancellation);
        service = await DependentService.StartAsync(dependency.Address, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await dependency.DisposeAsync();
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Internal)]
    public async Task Dependency_Refuses_IsNotTheCallersFault(StatusCode refusal)
    {
        var exception = await FailAsync(refusal.ToString());

        Assert.Equal(StatusCode.Internal, exception.StatusCode);
        Assert.Contains("llm-gateway", exception.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Aborted)]
    public async Task Dependency_FailsForNow_MayBeRetried(StatusCode failure)
    {
        var exception = await FailAsync(failure.ToString());

        Assert.Equal(failure, exception.StatusCode);
        Assert.Contains("llm-gateway", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dependency_AtItsLimit_TellsWhichLimit()
    {
        var exception = await FailAsync("limit");

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        Assert.Equal("SKILL_ERROR_REASON_FIELD_INVALID", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
        Assert.Contains("The llm-gateway service refuses for now: Come again tomorrow.", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dependency_FailureHandledByTheCode_IsLeftToIt()
    {
        var response = await Client.GetSkillAsync(new GetSkillRequest { SkillName = "NotFound", Version = "handled" }, cancellationToken: Cancellation);

        Assert.Equal("NotFound", response.Skill.Description);
    }

    [Fact]
    public async Task Dependency_Gone_IsUnavailableWithoutItsAddress()
    {
        await dependency.DisposeAsync();

        var exception = await FailAsync("any");

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
        Assert.Equal("The llm-gateway service does not answer. Retry with backoff.", exception.Status.Detail);
    }

    private SkillService.SkillServiceClient Client => new(service.As());

    private Task<RpcException> FailAsync(string name) => Assert.ThrowsAsync<RpcException>(
        () => Client.GetSkillAsync(new GetSkillRequest { SkillName = name }, cancellationToken: Cancellation).ResponseAsync);

    private sealed class Failing : SkillService.SkillServiceBase
    {
        public override Task<GetSkillResponse> GetSkill(GetSkillRequest request, ServerCallContext context) => request.SkillName == "limit"
            ? throw ServiceError.Create(StatusCode.ResourceExhausted, SkillErrorReason.FieldInvalid, "Come again tomorrow.")
            : throw new RpcException(new Status(Enum.Parse<StatusCode>(request.SkillName), "the password is hunter2"));
    }
}
