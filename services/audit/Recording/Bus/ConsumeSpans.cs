using System.Diagnostics;
using System.Text;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>One span for each message of a batch, in the trace of whoever wrote the event; they end with the batch.</summary>
internal sealed class ConsumeSpans : IDisposable
{
    private static readonly ActivitySource Source = new("Mainstay.Audit");

    private readonly List<Activity> spans = [];

    public ConsumeSpans(IEnumerable<BusMessage> batch)
    {
        if (!Source.HasListeners())
        {
            return;
        }

        var current = Activity.Current;
        foreach (var message in batch)
        {
            if (ActivityContext.TryParse(Encoding.ASCII.GetString(message.TraceParent.Span), null, isRemote: true, out var parent)
                && Source.StartActivity("process mainstay.audit", ActivityKind.Consumer, parent) is { } span)
            {
                spans.Add(span.SetTag("messaging.system", "rabbitmq").SetTag("messaging.operation.type", "process"));
            }
        }

        // None of them is the batch's own.
        Activity.Current = current;
    }

    public void Dispose()
    {
        foreach (var span in spans)
        {
            span.Dispose();
        }
    }
}
