using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads the responses of a streaming call, each when it is asked for.</summary>
internal sealed class ResponseStreamReader<TResponse>(IResponseSource<TResponse> call) : IAsyncStreamReader<TResponse>
    where TResponse : class
{
    private TResponse? current;
    private int reading;

    public TResponse Current => current ?? throw new InvalidOperationException("No current element is available.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref reading, 1) == 1)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var registration = cancellationToken.UnsafeRegister(static c => ((IResponseSource<TResponse>)c!).Cancel(), call);
            current = await call.ReadNextAsync().ConfigureAwait(false);
            return current is not null;
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }
}
