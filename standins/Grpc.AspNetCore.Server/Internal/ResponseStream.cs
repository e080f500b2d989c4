using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes the responses of a streaming call; waits while the caller's window is full.</summary>
internal sealed class ResponseStream<TResponse>(CallContext context, Marshaller<TResponse> marshaller) : IServerStreamWriter<TResponse>
    where TResponse : class
{
    // A handler that only hints at buffering must not fill the memory.
    private const int MostUnflushedBytes = 64 * 1024;

    private readonly MessageWriter writer = new(context);
    private int writing;
    private volatile bool completed;

    public WriteOptions? WriteOptions
    {
        get => context.WriteOptions;
        set => context.WriteOptions = value;
    }

    public void Complete() => completed = true;

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (completed || context.CancellationToken.IsCancellationRequested)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        if (Interlocked.Exchange(ref writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        if (context.Ending?.TryBeginWrite() == false)
        {
            Volatile.Write(ref writing, 0);
            context.CancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        try
        {
            if (!context.HttpContext.Response.HasStarted)
            {
                await context.HttpContext.Response.StartAsync(context.CancellationToken);
            }

            writer.Write(message, marshaller);
            var pipe = context.HttpContext.Response.BodyWriter;
            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true || (pipe.CanGetUnflushedBytes && pipe.UnflushedBytes > MostUnflushedBytes))
            {
                await FlushAsync(pipe, cancellationToken);
            }
        }
        finally
        {
            await (context.Ending?.EndWriteAsync() ?? Task.CompletedTask);
            Volatile.Write(ref writing, 0);
        }
    }

    private async ValueTask FlushAsync(PipeWriter pipe, CancellationToken cancellationToken)
    {
        using var linked = cancellationToken.CanBeCanceled && cancellationToken != context.CancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.CancellationToken)
            : null;
        await pipe.FlushAsync(linked?.Token ?? context.CancellationToken);
    }
}
