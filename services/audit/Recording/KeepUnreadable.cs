using MassTransit;

namespace Mainstay.Audit.Recording;

/// <summary>Keeps a message that is not even JSON, which therefore never reaches <see cref="StoreBatch"/>.</summary>
internal sealed class KeepUnreadable(AppendEvents appendEvents) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        // A failure here goes to the transport, which gives the message back to the broker.
        await appendEvents.ExecuteAsync([], [new DeadLetter($"The message is not JSON: {context.Exception.GetBaseException().Message}", context.Body.GetBytes())], context.CancellationToken);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("keepUnreadable");
}
