using Grpc.Core;
using Grpc.Tests.Hosting;
using Mainstay.ServiceDefaults.Configuration;
using Mainstay.Skills.V1;

namespace Mainstay.ServiceDefaults.Tests.Clients;

public sealed class KeepAliveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dependency_FallsSilentWithItsConnectionOpen_IsUnavailableLongBeforeTheDeadline()
    {
        var waiting = new Waiting();
        await using var dependency = await PlainServer.StartAsync(waiting, Cancellation);
        await using var proxy = new FreezingProxy(new Uri(dependency.Address).Port);
        await using var service = await DependentService.StartAsync($"http://{proxy.Target}", Cancellation, "grpc: { keep_alive: 1s }");
        var call = new SkillService.SkillServiceClient(service.As()).GetSkillAsync(new GetSkillRequest(), cancellationToken: Cancellation).ResponseAsync;
        await waiting.Arrived.Task.WaitAsync(Cancellation);

        proxy.Freeze();

        // At the deadline, it would be DEADLINE_EXCEEDED.
        var exception = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }

    [Fact]
    public async Task KeepAlive_BelowASecond_IsRefusedAtStart()
    {
        var refusal = await Assert.ThrowsAsync<MainstayConfigurationException>(
            () => DependentService.StartAsync("http://127.0.0.1:1", Cancellation, "grpc: { keep_alive: 10ms }"));

        Assert.Contains("grpc:keep_alive", refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Waiting : SkillService.SkillServiceBase
    {
        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<GetSkillResponse> GetSkill(GetSkillRequest request, ServerCallContext context)
        {
            Arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new GetSkillResponse();
        }
    }
}
