using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Grpc.Net.ClientFactory;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Interceptors;

/// <summary>Clients that the application's services make.</summary>
public sealed class ClientFactoryTests
{
    private readonly Sightings sightings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_WithInterceptors_ClientsAreSeenBeforeTheChannels()
    {
        await using var server = await TestServer.StartAsync<InteropService>();
        await using var services = Register(server, builder => builder
            .AddInterceptor(() => new RecordingInterceptor("channel", sightings))
            .AddInterceptor(InterceptorScope.Client, _ => new RecordingInterceptor("client", sightings)));

        await services.GetRequiredService<TestService.TestServiceClient>().EmptyCallAsync(new Empty(), cancellationToken: Cancellation);

        Assert.Equal(["client: EmptyCall", "channel: EmptyCall"], sightings);
    }

    [Fact]
    public async Task Client_WithRetryPolicy_TriesAgain()
    {
        var attempts = 0;
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            Unary = (_, _) => ++attempts < 3 ? throw new RpcException(new Status(StatusCode.Unavailable, "not yet")) : Task.FromResult(new SimpleResponse()),
        });
        var policy = new RetryPolicy
        {
            MaxAttempts = 3,
            InitialBackoff = TimeSpan.FromMilliseconds(1),
            MaxBackoff = TimeSpan.FromMilliseconds(1),
            BackoffMultiplier = 1,
            RetryableStatusCodes = { StatusCode.Unavailable },
        };
        await using var services = Register(server, builder => builder.ConfigureChannel(
            channel => channel.ServiceConfig = new ServiceConfig { MethodConfigs = { new MethodConfig { Names = { MethodName.Default }, RetryPolicy = policy } } }));

        await services.GetRequiredService<TestService.TestServiceClient>().UnaryCallAsync(new SimpleRequest(), cancellationToken: Cancellation);

        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Client_WithCallCredentials_SendsThemWithEveryCall()
    {
        await using var server = await TestServer.StartAsync<InteropService>();
        await using var services = Register(server, builder => builder
            .ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true)
            .AddCallCredentials((context, metadata) =>
            {
                metadata.Add("x-grpc-test-echo-initial", context.MethodName);
                return Task.CompletedTask;
            }));

        using var call = services.GetRequiredService<TestService.TestServiceClient>().UnaryCallAsync(new SimpleRequest(), cancellationToken: Cancellation);

        Assert.Equal("UnaryCall", (await call.ResponseHeadersAsync).GetValue("x-grpc-test-echo-initial"));
    }

    [Fact]
    public async Task Client_UsedWithinACall_HandsTheDeadlineOn()
    {
        DateTime? handedOn = null;
        await using var second = await TestServer.StartAsync(new ScriptedService
        {
            Unary = (_, context) =>
            {
                handedOn = context.Deadline;
                return Task.FromResult(new SimpleResponse());
            },
        });
        IServiceProvider? ofFirst = null;
        await using var first = await TestServer.StartAsync(
            new ScriptedService { Unary = async (request, _) => await ofFirst!.GetRequiredService<TestService.TestServiceClient>().UnaryCallAsync(request) },
            builder => builder.Services
                .AddGrpcClient<TestService.TestServiceClient>(options => options.Address = new Uri(second.Address))
                .EnableCallContextPropagation());
        ofFirst = first.Services;
        using var channel = first.CreateChannel();
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1);

        await new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), deadline: deadline, cancellationToken: Cancellation);

        Assert.Equal(deadline, handedOn!.Value, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Client_UsedWithinACallWithATokenOfItsOwn_HandsTheCancellationOnAllTheSame()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var second = await TestServer.StartAsync(new ScriptedService
        {
            Unary = async (_, context) =>
            {
                await using var registration = context.CancellationToken.Register(cancelled.SetResult);
                begun.SetResult();
                await cancelled.Task;
                return new SimpleResponse();
            },
        });
        IServiceProvider? ofFirst = null;
        using var own = new CancellationTokenSource();
        await using var first = await TestServer.StartAsync(
            new ScriptedService { Unary = async (request, _) => await ofFirst!.GetRequiredService<TestService.TestServiceClient>().UnaryCallAsync(request, cancellationToken: own.Token) },
            builder => builder.Services
                .AddGrpcClient<TestService.TestServiceClient>(options => options.Address = new Uri(second.Address))
                .EnableCallContextPropagation());
        ofFirst = first.Services;
        using var channel = first.CreateChannel();
        var call = new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), cancellationToken: Cancellation);
        await begun.Task.WaitAsync(Cancellation);

        call.Dispose();

        await cancelled.Task.WaitAsync(Cancellation);
    }

    private static ServiceProvider Register(TestServer server, Action<IHttpClientBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(services.AddGrpcClient<TestService.TestServiceClient>(options => options.Address = new Uri(server.Address)));
        return services.BuildServiceProvider();
    }
}
