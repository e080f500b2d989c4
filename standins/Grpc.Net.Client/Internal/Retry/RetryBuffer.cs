namespace Grpc.Net.Client.Internal.Retry;

/// <summary>Counts the bytes that the calls of a channel keep for further attempts.</summary>
internal sealed class RetryBuffer(long? mostBytes)
{
    private long taken;

    /// <summary>Takes bytes; false when that is too much, though they are counted until they are given back.</summary>
    public bool TryTake(long bytes) => Interlocked.Add(ref taken, bytes) <= (mostBytes ?? long.MaxValue);

    public void GiveBack(long bytes) => Interlocked.Add(ref taken, -bytes);
}
