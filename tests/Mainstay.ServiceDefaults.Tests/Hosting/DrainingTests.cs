using System.Net;
using Grpc.Health.V1;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.ServiceDefaults.Tests.Hosting;

public sealed class DrainingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WithDrainNotice_SaysNotServingWhileItStillAnswers()
    {
        await using var service = await RunningService.StartAsync(
            arguments => ProbeService.Build([.. arguments, "--grpc:drain_notice", "3s"]), "skills", Cancellation);
        var health = new Health.HealthClient(service.Channel);
        using var watch = health.Watch(new HealthCheckRequest(), cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);

        var stopping = service.Application.StopAsync(Cancellation);

        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation)).Status);
        using var http = new HttpClient();
        using var ready = await http.GetAsync(new Uri(service.HttpAddress, "/health/ready"), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var response = await new SkillService.SkillServiceClient(service.As()).GetSkillAsync(new GetSkillRequest { SkillName = "caller" }, cancellationToken: Cancellation);
        Assert.NotEmpty(response.Skill.Description);
        await stopping;
    }

    [Fact]
    public async Task Stop_HealthIsWatched_DoesNotWaitForTheWatcher()
    {
        await using var service = await RunningService.StartAsync(ProbeService.Build, "skills", Cancellation);
        using var watch = new Health.HealthClient(service.Channel).Watch(new HealthCheckRequest(), cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));

        await service.Application.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }
}
