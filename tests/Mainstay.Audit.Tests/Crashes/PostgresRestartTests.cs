namespace Mainstay.Audit.Tests.Crashes;

[Collection(CrashScene.Collection)]
public sealed class PostgresRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Postgres_RestartedUnderLoad_LosesNothingAndStoresNothingTwice()
    {
        await using var container = CrashScene.DurablePostgres();
        await using var scene = await CrashScene.StartAsync(container);

        await scene.StoresAsync(CrashScene.Count / 4);
        await container.StopAsync(Cancellation);
        await container.StartAsync(Cancellation);

        await scene.EndsWellAsync();
    }
}
