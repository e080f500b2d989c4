using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Crashes;

[Collection(CrashScene.Collection)]
public sealed class KillTests
{
    [Fact]
    public async Task Kill_AtRandomPointsUnderLoad_LosesNothingAndStoresNothingTwice()
    {
        await using var postgres = new PostgresFixture();
        await using var scene = await CrashScene.StartAsync(await PostgresFixture.SettingsAsync(postgres.ReserveDatabase()), await TestServers.RabbitMqAsync());

        for (var kill = 1; kill <= 3; kill++)
        {
            await scene.StoresAsync((CrashScene.Count * kill / 5) + Random.Shared.Next(CrashScene.Count / 10));
            await scene.Service.KillAsync();
            await scene.Service.StartAsync(TestContext.Current.CancellationToken);
        }

        await scene.EndsWellAsync();
    }
}
