namespace Grpc.Net.Client.Internal.Retry;

/// <summary>The requests of one call in the order of writing, kept for as long as another attempt may need them.</summary>
internal sealed class SentRequests(GrpcChannel channel)
{
    private readonly Lock gate = new();
    private readonly List<Request> requests = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? closed;
    private int forgotten;
    private bool completed;
    private bool kept = true;
    private long bytes;

    /// <summary>Whether every request is still here for a further attempt.</summary>
    public bool AreKept
    {
        get
        {
            lock (gate)
            {
                return kept;
            }
        }
    }

    /// <summary>Adds a request; the task ends once an attempt has written it.</summary>
    public Task Add(byte[] wire)
    {
        var request = new Request(wire, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (closed is not null)
            {
                return Task.FromException(closed);
            }

            requests.Add(request);
            bytes += wire.Length;
            if (kept && (!channel.RetryBuffer.TryTake(wire.Length) || bytes > channel.Options.MaxRetryBufferPerCallSize))
            {
                Release();
            }

            Announce();
        }

        return request.Written.Task;
    }

    public void Complete()
    {
        lock (gate)
        {
            completed = true;
            Announce();
        }
    }

    /// <summary>Writes all requests to one attempt, those to come as they come.</summary>
    public async Task WriteAllAsync(Stream stream, CancellationToken cancellationToken)
    {
        // The headers go out at once: the server may answer before the first request.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        for (var index = 0; await NextAsync(index, cancellationToken).ConfigureAwait(false) is { } request; index++)
        {
            await stream.WriteAsync(request.Wire, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            request.Written.TrySetResult();
            ForgetWritten();
        }
    }

    /// <summary>No further attempt follows: what has been written is forgotten.</summary>
    public void Release()
    {
        lock (gate)
        {
            if (kept)
            {
                kept = false;
                channel.RetryBuffer.GiveBack(bytes);
                ForgetWritten();
            }
        }
    }

    /// <summary>The call has ended: whoever writes from now on learns how, and whoever writes just now if the server has not answered.</summary>
    public void Close(Exception exception, bool refusePending)
    {
        lock (gate)
        {
            Release();
            closed ??= exception;
            foreach (var request in requests)
            {
                if (!refusePending)
                {
                    request.Written.TrySetResult();
                }
                else if (request.Written.TrySetException(exception))
                {
                    _ = request.Written.Task.Exception;
                }
            }

            Announce();
        }
    }

    private async ValueTask<Request?> NextAsync(int index, CancellationToken cancellationToken)
    {
        while (true)
        {
            // An attempt that was cancelled is broken off: its server would take what it has for all.
            cancellationToken.ThrowIfCancellationRequested();
            Task change;
            lock (gate)
            {
                if (index < forgotten)
                {
                    throw new IOException("The request is no longer kept for another attempt.");
                }

                if (index < forgotten + requests.Count)
                {
                    return requests[index - forgotten];
                }

                if (completed || closed is not null)
                {
                    return null;
                }

                change = changed.Task;
            }

            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void ForgetWritten()
    {
        lock (gate)
        {
            if (!kept)
            {
                var written = requests.FindIndex(request => !request.Written.Task.IsCompleted);
                var count = written < 0 ? requests.Count : written;
                requests.RemoveRange(0, count);
                forgotten += count;
            }
        }
    }

    private void Announce()
    {
        changed.TrySetResult();
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Request(byte[] Wire, TaskCompletionSource Written);
}
