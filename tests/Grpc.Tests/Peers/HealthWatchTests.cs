using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.Tests.Peers;

/// <summary>Peers that watch the health of our server.</summary>
public sealed class HealthWatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("node", "client.js")]
    [InlineData(PeerProcess.Python, "client.py")]
    public async Task Watch_StatusChanges_PeerIsTold(string program, string script)
    {
        await using var server = await StartAsync();
        var health = server.Services.GetRequiredService<HealthServiceImpl>();
        using var watcher = PeerProcess.Start(program, Path.Combine(PeerProcess.Directory, script), server.Target, "health_watch");

        Assert.Equal("SERVING", await watcher.StandardOutput.ReadLineAsync(Cancellation));
        health.SetStatus("", ServingStatus.NotServing);
        Assert.Equal("NOT_SERVING", await watcher.StandardOutput.ReadLineAsync(Cancellation));
        health.SetStatus("", ServingStatus.Serving);
        Assert.Equal("SERVING", await watcher.StandardOutput.ReadLineAsync(Cancellation));
    }

    [Fact]
    public async Task Watch_ServerShutsDown_SaysNotServingAndEnds()
    {
        await using var server = await StartAsync();
        using var channel = server.CreateChannel();
        using var call = new Health.V1.Health.HealthClient(channel).Watch(new HealthCheckRequest(), cancellationToken: Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));

        var stopping = server.StopAsync(Cancellation);

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(ServingStatus.NotServing, call.ResponseStream.Current.Status);
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
        await stopping;
    }

    [Fact]
    public async Task Watch_ServiceUnknown_SaysSo()
    {
        await using var server = await StartAsync();
        using var channel = server.CreateChannel();
        using var call = new Health.V1.Health.HealthClient(channel).Watch(new HealthCheckRequest { Service = "nobody" }, cancellationToken: Cancellation);

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal(ServingStatus.ServiceUnknown, call.ResponseStream.Current.Status);
    }

    // No rounds of the application's own, so that a test alone says what changes.
    private static Task<TestServer> StartAsync() => TestServer.StartAsync<InteropService>(
        builder => builder.Services.AddGrpcHealthChecks(options => options.Services.Map("", _ => false)),
        map: application => application.MapGrpcHealthChecksService());
}
