using Mainstay.Audit.Tests.Sinks.Stubs;

namespace Mainstay.Audit.Tests.Sinks;

/// <summary>A service that forwards the workflow "mine" to a webhook, "siem", and nothing to a file that cannot be, "lost".</summary>
public class ForwardingFixture : AuditFixture
{
    private protected WebhookReceiver Receiver { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected override string Sinks =>
        $$"""
        [
          { name: siem, type: webhook, url: "{{Receiver.Address}}", secret: "{{WebhookReceiver.Secret}}", first_backoff: 10ms, longest_backoff: 10ms, include: { workflow_id: [mine] } },
          { name: lost, type: file, path: /dev/null/lost, include: { workflow_id: [none] } }
        ]
        """.ReplaceLineEndings(" ");

    public override async ValueTask InitializeAsync()
    {
        await Receiver.StartAsync(Cancellation);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
