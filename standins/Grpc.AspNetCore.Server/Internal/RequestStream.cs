using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Reads the requests of a streaming call as its handler asks for them.</summary>
internal sealed class RequestStream<TRequest>(CallContext context, Marshaller<TRequest> marshaller) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private TRequest? current;
    private bool completed;

    public TRequest Current => current!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (completed)
        {
            return false;
        }

        using var linked = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.CancellationToken)
            : null;
        current = await MessageReader.ReadAsync(context, marshaller, linked?.Token ?? context.CancellationToken);
        completed = current is null;
        return !completed;
    }
}
