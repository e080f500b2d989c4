using Grpc.Tests.FlowControl;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;

namespace Grpc.Tests.Lifetime;

/// <summary>Calls by the thousand, at once and one after another.</summary>
[Collection(nameof(Alone))]
public sealed class ManyCallsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_ManyAtOnceWithDeadlines_AllAreAnswered()
    {
        await using var server = await TestServer.StartAsync<InteropService>();
        using var active = new ActiveCalls(server);
        using var channel = server.CreateChannel();
        var client = new TestService.TestServiceClient(channel);

        await Parallel.ForAsync(0, 5000, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Cancellation }, async (_, token) =>
            await client.EmptyCallAsync(new Empty(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1), cancellationToken: token));

        await active.WaitForAsync(0, Cancellation);
    }

    [Fact]
    public async Task Unary_NeverDisposed_LeavesNothingOnTheChannelOrTheCallersToken()
    {
        await using var server = await TestServer.StartAsync<InteropService>();
        using var channel = server.CreateChannel();
        using var lasting = new CancellationTokenSource();
        var client = new TestService.TestServiceClient(channel);
        await CallAsync(1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await CallAsync(10_000);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 2 * 1024 * 1024);

        async Task CallAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await client.EmptyCallAsync(new Empty(), cancellationToken: lasting.Token);
            }
        }
    }
}
