namespace Mainstay.Audit.Sinks.Webhook;

/// <summary>Sinks of type <c>webhook</c>.</summary>
internal sealed class WebhookSinkType : ISinkType
{
    public string Type => "webhook";

    public IReadOnlyList<string> Keys => ["url", "secret", "timeout"];

    /// <summary>The schedule that Standard Webhooks recommends.</summary>
    public Retries Retries { get; } = new(
    [
        TimeSpan.Zero,
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ]);

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        var url = settings.Address("url");

        // The secret stays out of the message, which goes to the console.
        if (!WebhookSignature.TryParse(settings.Required("secret"), out var signature))
        {
            throw settings.Refuse(
                "secret",
                "must be \"whsec_\" and 24 to 64 bytes in base64, or \"whsk_\" and an Ed25519 private key in base64 (on Linux with OpenSSL 3); two, separated by a space, serve a change of secrets");
        }

        var timeout = settings.Duration("timeout", TimeSpan.FromSeconds(15));
        return clock => new WebhookSink(url, signature!, timeout, clock);
    }
}
