namespace Grpc.Tests.Hosting;

/// <summary>Waits for conditions.</summary>
internal static class Until
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static async Task TrueAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
