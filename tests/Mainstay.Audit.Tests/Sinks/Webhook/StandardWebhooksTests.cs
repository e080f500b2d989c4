using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Webhook;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

public sealed class StandardWebhooksTests
{
    private const string NewSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_SecretsChangeOver_SatisfiesReceiversBeforeAndAfter()
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(2, Cancellation);
        await using var running = scene.Run(("secret", $"{NewSecret} {WebhookReceiver.Secret}"));
        await scene.Trail.DrainedAsync(Cancellation);

        scene.Receiver.Knows = NewSecret;
        ids = [.. ids, .. await scene.Trail.AppendAsync(2, Cancellation)];
        await scene.Trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Empty(scene.Receiver.Refusals);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("cloudevents")]
    public async Task Deliver_InAFormat_IsSignedAndOfItsMediaType(string format)
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(2, Cancellation);

        await scene.DeliverAsync(("secret", WebhookReceiver.Secret), ("format", format));

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Empty(scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_WithAPrivateKey_IsSignedForWhoeverHasThePublicOne()
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        var key = JsonNode.Parse(await File.ReadAllTextAsync("vectors/webhooks/sign-ed25519.json", Cancellation))![0]!;
        await scene.Trail.AppendAsync(1, Cancellation);

        // As one changes over from the shared secret.
        await scene.DeliverAsync(("secret", $"{WebhookReceiver.Secret} {key["secret"]}"));

        var (signed, signatures) = Assert.Single(scene.Receiver.Signed);
        var signature = Assert.Single(signatures.Split(' '), one => one.StartsWith("v1a,", StringComparison.Ordinal))["v1a,".Length..];
        Assert.Equal("true", await VerifyAsync(key, signed, signature));
        Assert.Equal("false", await VerifyAsync(key, [.. signed, (byte)' '], signature));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deliver_ReceiverSaysWhenToComeAgain_ComesThen(bool isDate)
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        var refused = 0L;
        scene.Receiver.Fault = context =>
        {
            refused = Stopwatch.GetTimestamp();
            scene.Receiver.Fault = null;

            // A date has whole seconds, so that the third may begin at once and the second ends after one.
            context.Response.Headers.RetryAfter = isDate ? TimeProvider.System.GetUtcNow().AddSeconds(3).ToString("R", CultureInfo.InvariantCulture) : "2";
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        };
        await scene.Trail.AppendAsync(1, Cancellation);

        await scene.DeliverAsync(("first_backoff", "5ms"), ("longest_backoff", "5ms"));

        Assert.InRange(Stopwatch.GetElapsedTime(refused).TotalSeconds, 1, double.MaxValue);
        Assert.Equal(2, scene.Receiver.Requests);
    }

    [Fact]
    public async Task Deliver_ReceiverRefusesOneEvent_GivesItUpAtTheEndOfTheSchedule()
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        scene.Receiver.Poison = "step_1";
        var ids = await scene.Trail.AppendAsync(3, Cancellation);

        // Four pauses, 1 to 8 ms: five attempts.
        await scene.DeliverAsync(("first_backoff", "1ms"), ("longest_backoff", "8ms"));

        Assert.Equal([ids[0], ids[2]], scene.Receiver.Ids);
        Assert.Equal([(ids[1], "it answered 400")], await scene.Trail.DeadLettersAsync(Cancellation));
        Assert.Equal(Enumerable.Repeat("poison", 5), scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_Redirect_IsNotFollowed()
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        scene.Receiver.Fault = context =>
        {
            context.Response.Headers.Location = $"{scene.Receiver.Address}/elsewhere";
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            return context.Request.Path == "/elsewhere" ? throw new InvalidOperationException("The redirect was followed.") : Task.CompletedTask;
        };
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run(("secret", WebhookReceiver.Secret), ("first_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await scene.Trail.StateAsync<string>("failure", Cancellation) == "it answered 307", Cancellation);
    }

    [Fact]
    public async Task Deliver_AddressOfTheLink_IsNotConnectedTo()
    {
        await using var scene = await SinkScene<WebhookReceiver>.StartAsync(Cancellation);
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run(("secret", WebhookReceiver.Secret), ("url", "http://169.254.169.254/"), ("first_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await scene.Trail.StateAsync<string>("failure", Cancellation) == "it could not be reached (ConnectionError)", Cancellation);
    }

    [Fact]
    public void Retries_NothingConfigured_FollowTheStandard()
    {
        double[] seconds = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
        var retries = new WebhookSinkType().Retries;

        Assert.Equal(seconds, retries.Pauses.Select(pause => pause.TotalSeconds));
        Assert.InRange(retries.After(11, null).TotalSeconds, 86_400 * 0.8, 86_400 * 1.2);
    }

    private static Task<string> VerifyAsync(JsonNode key, byte[] signed, string signature) => Peer.ReadAsync(
        "verify-ed25519.js",
        JsonSerializer.SerializeToUtf8Bytes(new { publicKey = ((string)key["public"]!)["whpk_".Length..], signed = Convert.ToBase64String(signed), signature }),
        Cancellation);
}
