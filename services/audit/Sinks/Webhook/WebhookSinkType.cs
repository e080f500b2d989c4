namespace Mainstay.Audit.Sinks.Webhook;

/// <summary>Sinks of type <c>webhook</c>.</summary>
internal sealed class WebhookSinkType : ISinkType
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);
    private static readonly Backoff DefaultBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    public string Type => "webhook";

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        settings.Allow("url", "secret", "timeout", "first_backoff", "longest_backoff");
        if (!Uri.TryCreate(settings.Required("url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw settings.Refuse("url", "must be an http or https address");
        }

        // The secret stays out of the message, which goes to the console.
        if (!WebhookSignature.TryParse(settings.Required("secret"), out var signature))
        {
            throw settings.Refuse("secret", "must be \"whsec_\" and 24 to 64 bytes in base64; two secrets, separated by a space, serve a change of secrets");
        }

        var timeout = settings.Duration("timeout", DefaultTimeout);
        var backoff = new Backoff(settings.Duration("first_backoff", DefaultBackoff.First), settings.Duration("longest_backoff", DefaultBackoff.Longest));
        var name = settings.Name;
        return clock => new WebhookSink(name, url, signature!, timeout, backoff, clock);
    }
}
