using Mainstay.Audit.Sinks.Webhook;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

public sealed class StandardWebhooksTests : IAsyncLifetime
{
    private const string NewSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    private readonly WebhookReceiver receiver = new();
    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        trail = await TrailDatabase.CreateAsync(Cancellation);
        await receiver.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await trail.DisposeAsync();
    }

    [Fact]
    public async Task Deliver_SecretsChangeOver_SatisfiesReceiversBeforeAndAfter()
    {
        var ids = await trail.AppendAsync(2, Cancellation);
        await using var running = Run(("secret", $"{NewSecret} {WebhookReceiver.Secret}"));
        await trail.DrainedAsync(Cancellation);

        receiver.Knows = NewSecret;
        ids = [.. ids, .. await trail.AppendAsync(2, Cancellation)];
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, receiver.Ids);
        Assert.Empty(receiver.Refusals);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("cloudevents")]
    public async Task Deliver_InAFormat_IsSignedAndOfItsMediaType(string format)
    {
        var ids = await trail.AppendAsync(2, Cancellation);

        await using var running = Run(("secret", WebhookReceiver.Secret), ("format", format));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, receiver.Ids);
        Assert.Empty(receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_Redirect_IsNotFollowed()
    {
        receiver.Fault = context =>
        {
            context.Response.Headers.Location = $"{receiver.Address}/elsewhere";
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            return context.Request.Path == "/elsewhere" ? throw new InvalidOperationException("The redirect was followed.") : Task.CompletedTask;
        };
        await trail.AppendAsync(1, Cancellation);

        await using var running = Run(("secret", WebhookReceiver.Secret), ("first_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("failure", Cancellation) == "it answered 307", Cancellation);
    }

    [Fact]
    public async Task Deliver_AddressOfTheLink_IsNotConnectedTo()
    {
        await trail.AppendAsync(1, Cancellation);

        await using var running = Run(("secret", WebhookReceiver.Secret), ("url", "http://169.254.169.254/"), ("first_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("failure", Cancellation) == "it could not be reached (ConnectionError)", Cancellation);
    }

    [Fact]
    public void Retries_NothingConfigured_FollowTheStandard()
    {
        double[] seconds = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
        var retries = new WebhookSinkType().Retries;

        Assert.Equal(seconds, retries.Pauses.Select(pause => pause.TotalSeconds));
        Assert.InRange(retries.After(11, null).TotalSeconds, 86_400 * 0.8, 86_400 * 1.2);
    }

    private RunningSink Run(params (string Key, string Value)[] settings) => trail.Run(TrailDatabase.Configure(
        receiver.Type, [.. receiver.Settings.Where(one => settings.All(setting => setting.Key != one.Key)), .. settings]));
}
