using Mainstay.Testing;
using Testcontainers.RabbitMq;

namespace Mainstay.Audit.Tests.Crashes;

[Collection(CrashScene.Collection)]
public sealed class BrokerRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broker_RestartedUnderLoad_LosesNothingAndStoresNothingTwice()
    {
        await using var container = new RabbitMqBuilder().Build();
        await container.StartAsync(Cancellation);
        await using var postgres = new PostgresFixture();
        await using var scene = await CrashScene.StartAsync(await PostgresFixture.SettingsAsync(postgres.ReserveDatabase()), new Uri(container.GetConnectionString()));

        await scene.StoresAsync(CrashScene.Count / 4);
        await container.StopAsync(Cancellation);
        await container.StartAsync(Cancellation);

        await scene.EndsWellAsync();
    }
}
