using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Writes the requests of a streaming call; a write ends once the transport has taken the message.</summary>
internal sealed class RequestStreamWriter<TRequest>(Func<TRequest, bool, CancellationToken, Task> write, Action complete) : IClientStreamWriter<TRequest>
    where TRequest : class
{
    private int writing;
    private bool completed;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (completed)
        {
            throw new InvalidOperationException("Can't write the message because the client stream writer is complete.");
        }

        if (Interlocked.Exchange(ref writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            await write(message, WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        if (Volatile.Read(ref writing) == 1)
        {
            throw new InvalidOperationException("Can't complete the client stream writer because the previous write is in progress.");
        }

        completed = true;
        complete();
        return Task.CompletedTask;
    }
}
